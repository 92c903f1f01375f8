package juanji.draw;

import java.util.List;
import java.util.Locale;

/// The colours of all drawings, as roles: each has one value on light ground and one on dark.
///
/// The six of [#SERIES] are told apart by people who see colours differently; they are those of Okabe and Ito, *Color
/// universal design*, 2008, a little darker or lighter where the ground asks for it.
public enum Colour {
  /// Text and the outlines that matter.
  INK("#1b1f24", "#e6eaee"),
  /// Notes, ticks and axes.
  SOFT("#59636e", "#9aa4af"),
  /// Grid lines and the outlines of boxes.
  LINE("#d5dae0", "#333b44"),
  /// What is drawn on.
  GROUND("#ffffff", "#14181c"),
  /// Boxes on the ground.
  RAISED("#f5f7f9", "#1c2228"),
  /// Text on a full colour.
  ON("#ffffff", "#0b0e11"),
  /// The first colour of data.
  BLUE("#0072b2", "#4aa8e0"),
  /// The second.
  VERMILLION("#d55e00", "#f08a3c"),
  /// The third.
  GREEN("#008a66", "#35c29a"),
  /// The fourth.
  PURPLE("#a8578a", "#d99bc0"),
  /// The fifth.
  AMBER("#b98300", "#e8b53a"),
  /// The sixth.
  SKY("#3a9bd1", "#8fd0f5");

  /// The colours of data in the order in which they are used.
  public static final List<Colour> SERIES = List.of(BLUE, VERMILLION, GREEN, PURPLE, AMBER, SKY);

  private final String light;
  private final String dark;

  Colour(String light, String dark) {
    this.light = light;
    this.dark = dark;
  }

  /// The colour of the n-th series; they repeat after six.
  public static Colour series(int n) {
    return SERIES.get(Math.floorMod(n, SERIES.size()));
  }

  /// The value on light ground, as `#rrggbb`.
  public String light() {
    return light;
  }

  /// The value on dark ground, as `#rrggbb`.
  public String dark() {
    return dark;
  }

  /// The name in style sheets, such as `blue`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
