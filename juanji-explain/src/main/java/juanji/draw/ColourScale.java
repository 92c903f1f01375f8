package juanji.draw;

/// Colours of numbers from 0 to 1, for heat maps of pixels.
public enum ColourScale {
  /// Dark blue over grey to yellow, lightness growing evenly; the same for people who see colours differently.
  /// Source: Nuñez, Anderton and Renslow, *Optimizing colormaps with consideration for color vision deficiency*, 2018.
  SEQUENTIAL(0x00204d, 0x1f3a6e, 0x4b546c, 0x6c6e72, 0x8f8a78, 0xb5a76f, 0xddc760, 0xffea46),
  /// Vermillion below ½, nearly white at ½, blue above.
  DIVERGING(0x8a3a00, 0xd55e00, 0xf0b68c, 0xf7f7f5, 0x8fc0dd, 0x0072b2, 0x003f66),
  /// Black to white.
  GREY(0x000000, 0xffffff);

  private final int[] stops;

  ColourScale(int... stops) {
    this.stops = stops;
  }

  /// The colour as `0xrrggbb`; numbers outside 0 … 1 have that of the nearer end.
  public int at(double share) {
    double place = Math.clamp(Double.isNaN(share) ? 0 : share, 0, 1) * (stops.length - 1);
    int i = Math.min((int) place, stops.length - 2);
    double t = place - i;
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double channel = (stops[i] >> shift & 255) * (1 - t) + (stops[i + 1] >> shift & 255) * t;
      colour |= (int) Math.round(channel) << shift;
    }
    return colour;
  }
}
