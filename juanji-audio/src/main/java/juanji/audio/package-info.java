/// Sounds as samples: from a file's waves to a picture of which frequencies sound when.
///
/// [SoundFile] reads WAV, AIFF and AU into a [Sound]; [Spectrum] has the transforms, by librosa's definitions; a
/// [SoundPreparation] says which of them a network is given, and [SoundData] is a dataset of sounds.
package juanji.audio;
