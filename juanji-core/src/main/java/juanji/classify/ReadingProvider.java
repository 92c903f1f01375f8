package juanji.classify;

import juanji.model.ModelFile;

/// Makes the [Reading] of one kind of data; found by service binding.
public interface ReadingProvider {
  /// The word that names the kind in model files, such as `picture`, `text`, `sound` or `video`.
  String kind();

  /// The reading of a model.
  ///
  /// @throws IllegalArgumentException if the file does not say what is needed, or says what cannot be
  Reading reading(ModelFile file);
}
