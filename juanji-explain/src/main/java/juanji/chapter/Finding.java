package juanji.chapter;

/// A statement and what came of it.
///
/// @param claim what is stated
/// @param measured what was measured
/// @param holds whether that agrees
public record Finding(Words claim, String measured, boolean holds) {
}
