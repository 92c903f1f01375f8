package juanji.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import juanji.draw.Drawing;

/// The drawings of the guides and of the chapter, by name. Every number and place in them is computed by the operations
/// and layers that they show.
///
/// ```java
/// Drawing d = Illustrations.of("pooling-kinds");
/// ```
public final class Illustrations {
  private static final Map<String, Supplier<Drawing>> ALL = all();

  private Illustrations() {
  }

  private static Map<String, Supplier<Drawing>> all() {
    Map<String, Supplier<Drawing>> all = new LinkedHashMap<>();
    ConvolutionIllustrations.into(all);
    PoolingIllustrations.into(all);
    FunctionIllustrations.into(all);
    VladIllustrations.into(all);
    return Collections.unmodifiableMap(all);
  }

  /// The names and what makes the drawings.
  public static Map<String, Supplier<Drawing>> drawings() {
    return ALL;
  }

  /// A drawing by its name.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static Drawing of(String name) {
    Supplier<Drawing> maker = ALL.get(name);
    if (maker == null) {
      throw new IllegalArgumentException("there is no drawing '" + name + "'.\n"
          + "  C1: the drawings are " + String.join(", ", ALL.keySet()) + ".\n"
          + "  Name one of these.");
    }
    return maker.get();
  }
}
