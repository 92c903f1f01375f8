package juanji.data;

/// A part of data that its author has already divided.
public enum Part {
  /// What to train on: the sub-folder `train`, or everything where the folder is not divided.
  TRAIN,
  /// What to check on while training: the sub-folder `val`, `valid` or `validation`.
  VALIDATION,
  /// What to test on at the end: the sub-folder `test`.
  TEST
}
