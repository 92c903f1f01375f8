/// Videos as samples: some frames of each, at equal distances, brought to one size.
///
/// [VideoFile] opens a folder of frames, an animated GIF or an AVI of JPEGs as a [Video]; other formats are added by a
/// [VideoProvider]. A [VideoPreparation] says how many frames a network is given and how large, [VideoData] is a
/// dataset of videos, and [FrameSampling] draws other frames in each epoch.
package juanji.video;
