package juanji.data;

/// How a picture of any shape is brought to a given height and width.
public enum Framing {
  /// Height and width are scaled on their own: nothing is lost, proportions change.
  STRETCH,
  /// The whole picture is scaled to fit inside, centred, and the rest is black (letterbox).
  FIT,
  /// The picture is scaled to cover everything, and what sticks out on both sides is cut off (centre crop).
  CROP
}
