package juanji.image;

import java.io.IOException;

/// A picture whose reader skips to strips of it; one that cannot is decoded as a whole.
final class RegionRows extends PictureRows {
  private static final int STRIP = 8_000_000;

  private final PictureSource source;
  private final PictureHeader header;
  private final boolean whole;
  private Picture strip;
  private int from;
  private int next;

  private RegionRows(PictureSource source, PictureHeader header, boolean whole, Picture strip) {
    super(strip.channels(), header.seenHeight(), header.seenWidth());
    this.source = source;
    this.header = header;
    this.whole = whole;
    this.strip = strip;
  }

  static RegionRows of(PictureSource source, PictureHeader header) throws IOException, UndecodableException {
    boolean whole = header.orientation() > 1 || header.format() == PictureHeader.Format.PNM
        || header.format() == PictureHeader.Format.GIF || header.format() == PictureHeader.Format.PNG
        || header.jpeg().progressive();
    long pixels = (long) header.width() * header.height();
    if (whole && pixels > Decoder.MOST_UNTHINNED) {
      throw new UndecodableException("it has " + header.width() + " × " + header.height()
          + " pixels, more than the limit of " + Decoder.MOST_UNTHINNED / 1_000_000
          + " million for a file that is decoded as a whole");
    }
    int rows = whole ? header.height() : Math.clamp(STRIP / header.width(), 1, header.height());
    return new RegionRows(source, header, whole, Decoder.rows(source, header, 0, rows));
  }

  @Override public void read(byte[] row) {
    try {
      if (next - from >= strip.height() && !whole) {
        from = next;
        strip = Decoder.rows(source, header, from, Math.min(strip.height(), header.height() - from));
      }
    } catch (IOException | UndecodableException e) {
      throw unreadable(source.name(), e.getMessage());
    }
    int plane = strip.height() * strip.width();
    for (int c = 0; c < channels(); c++) {
      System.arraycopy(strip.pixels(), c * plane + (next - from) * width(), row, c * width(), width());
    }
    next++;
  }

  @Override public void close() {
    strip = new Picture(1, 1, 1, new byte[1]);
  }
}
