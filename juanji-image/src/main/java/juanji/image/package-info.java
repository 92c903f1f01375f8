/// Pictures from folders, archives and single files, as datasets and tensors.
///
/// [ImageFolder] reads a folder or a zip with one sub-folder per class; [FolderScan] looks at it first, cheaply;
/// [PictureFile] reads one file for a prediction. All of them decode to a [Picture] (bytes), which [Resize] brings to
/// an [ImageSize]. What cannot be decoded becomes a [Problem], named by its path; it never ends a run.
///
/// Decoding is the same on every platform: scaling, colour conversion and the composition of transparent pictures are
/// this package's own, and embedded colour profiles are ignored.
package juanji.image;
