package juanji.plan;

import juanji.tensor.Tensor;

/// Where a value lies while a plan runs.
sealed interface Place {
  /// In the session's arena, from a float on.
  ///
  /// @param offset the first float
  record Arena(int offset) implements Place {
  }

  /// In the tensor of a parameter.
  ///
  /// @param name the parameter's name
  record Parameter(String name) implements Place {
  }

  /// In the tensor given for an input.
  ///
  /// @param name the input's name
  record Input(String name) implements Place {
  }

  /// In a constant's tensor.
  ///
  /// @param value the constant
  record Constant(Tensor value) implements Place {
  }
}
