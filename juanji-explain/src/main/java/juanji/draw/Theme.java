package juanji.draw;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// The style sheet that gives the names of colours their values, on light and on dark ground.
final class Theme {
  /// Fonts that are there: nothing is loaded.
  static final String FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', "
      + "'PingFang SC', 'Microsoft YaHei', sans-serif";

  private Theme() {
  }

  /// The variables, such as `--blue`, under a selector.
  static String variables(String selector) {
    return selector + " { " + Arrays.stream(Colour.values()).map(c -> "--" + c.word() + ": " + c.light())
        .collect(Collectors.joining("; ")) + " }\n@media (prefers-color-scheme: dark) {\n  " + selector + " { "
        + Arrays.stream(Colour.values()).map(c -> "--" + c.word() + ": " + c.dark()).collect(Collectors.joining("; "))
        + " }\n}\n";
  }

  /// The classes that drawings use: `f-blue` is filled, `l-blue` is outlined.
  static String classes() {
    return Arrays.stream(Colour.values()).map(c -> ".f-" + c.word() + "{fill:var(--" + c.word() + ")}.l-" + c.word()
        + "{stroke:var(--" + c.word() + ")}").collect(Collectors.joining("\n", "", "\n"))
        + ".n{fill:none}.b{font-weight:600}.p{image-rendering:pixelated}\n";
  }

  /// The same without variables, for the colours that a drawing by itself uses: not every viewer knows variables.
  static String plain(Set<String> used) {
    String light = Arrays.stream(Colour.values()).map(c -> rule(c, c.light(), used)).collect(Collectors.joining());
    String dark = Arrays.stream(Colour.values()).map(c -> rule(c, c.dark(), used)).collect(Collectors.joining());
    return light + ".n{fill:none}.b{font-weight:600}.p{image-rendering:pixelated}\n"
        + "@media (prefers-color-scheme:dark){\n" + dark + "}\n";
  }

  private static String rule(Colour c, String value, Set<String> used) {
    return (used.contains("f-" + c.word()) ? ".f-" + c.word() + "{fill:" + value + "}" : "")
        + (used.contains("l-" + c.word()) ? ".l-" + c.word() + "{stroke:" + value + "}" : "")
        + (used.contains("f-" + c.word()) || used.contains("l-" + c.word()) ? "\n" : "");
  }
}
