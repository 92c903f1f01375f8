package juanji.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/// Drawings are well-formed, escaped, and the same each time.
final class DrawingTest {
  private static Document parse(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
  }

  @Test void hostileTextStaysText() throws Exception {
    String hostile = "</text><script>alert(\"1\")</script>&\u0001\ud800";
    Drawing drawing = Drawing.text(hostile, 12, Colour.INK).with(Mark.tip(hostile, Mark.text(0, 0, hostile, 9)));
    Document document = parse(drawing.svg(hostile));
    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertEquals("</text><script>alert(\"1\")</script>&\ufffd\ufffd",
        document.getElementsByTagName("text").item(0).getTextContent());
    assertFalse(Page.of(hostile, "en").add(Block.prose(hostile), Block.section(hostile),
        Block.figure(hostile, drawing)).html().contains("<script"));
  }

  @Test void rowsAndColumnsAddTheirSizes() {
    Drawing a = Drawing.of(30, 10);
    Drawing b = Drawing.of(50, 20);
    assertEquals(30 + 7 + 50, Drawing.row(7, a, b).width());
    assertEquals(20, Drawing.row(7, a, b).height());
    assertEquals(50, Drawing.column(7, a, b).width());
    assertEquals(37, Drawing.column(7, a, b).height());
    assertEquals(2 * 50 + 4, Drawing.tiles(2, 4, List.of(a, b, a)).width());
    assertEquals(70, b.framed(10).width());
  }

  @Test void numbersAreWrittenTheShortestWay() {
    assertEquals("0", Markup.number(-0.001));
    assertEquals("-1.05", Markup.number(-1.051));
    assertEquals("2.5", Markup.number(2.499999));
    assertEquals("12", Markup.number(12));
    assertEquals("−0.25", NumberGrid.shortly(-0.25));
    assertEquals("10", NumberGrid.shortly(10));
    assertEquals("0.5", NumberGrid.shortly(0.5));
    assertEquals("120.5", NumberGrid.shortly(120.5));
  }

  @Test void gridsHaveANumberForEachCell() throws Exception {
    NumberGrid grid = NumberGrid.of(2, 3, new float[] {1, 2, 3, 4, Float.NaN, 6});
    Document document = parse(grid.highlight(0, 1, 2, 2, Colour.GREEN).shaded().drawing().svg("grid"));
    assertEquals(5, document.getElementsByTagName("text").getLength());
    assertEquals("1", document.getElementsByTagName("text").item(0).getTextContent());
    assertEquals(grid.drawing().svg("grid"), grid.drawing().svg("grid"));
  }

  @Test void ticksAreRoundAndInsideTheScale() {
    Scale scale = Scale.over(0.13, 0.97, false, true);
    assertEquals(0, scale.low(), 1e-12);
    assertEquals(1, scale.high(), 1e-12);
    assertEquals(6, scale.ticks().size());
    Scale decades = Scale.over(3, 40_000, true, true);
    assertEquals(1, decades.low(), 1e-9);
    assertEquals(100_000, decades.high(), 1e-6);
    assertEquals(0.5, decades.share(Math.sqrt(1e5)), 1e-9);
    assertEquals("10¹²", Scale.text(1e12));
    assertEquals("2·10⁻⁵", Scale.text(2e-5));
    assertEquals("0", Scale.text(0));
    assertEquals("−1,200.5", Scale.text(-1200.5));
  }

  @Test void wholeNumbersHaveWholeTicks() {
    assertEquals(List.of(1.0, 2.0, 3.0), Scale.overWhole(1, 3, false, false).ticks());
    assertEquals(List.of(1.0, 1.5, 2.0, 2.5, 3.0), Scale.over(1, 3, false, false).ticks());
    assertEquals(List.of(1.0), Scale.overWhole(1, 1, false, false).ticks());
    assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0), Scale.overWhole(0, 100, false, true).ticks());
    String svg = Chart.of("epoch", "loss").line("loss", 0.9, 0.4, 0.3).drawing().svg("c");
    assertTrue(svg.contains(">2</text>") && !svg.contains(">1.5</text>"), svg);
    assertTrue(Chart.of("x", "y").points("p", new double[] {1, 2.5}, new double[] {0.1, 0.2}).drawing().svg("c")
        .contains(">1.5</text>"));
  }

  @Test void pointsLieWhereTheirNumbersSay() throws Exception {
    Drawing chart = Chart.of("x", "y").points("p", new double[] {0, 10}, new double[] {0, 100}).drawing();
    var circles = parse(chart.svg("chart")).getElementsByTagName("circle");
    Element first = (Element) circles.item(0);
    Element second = (Element) circles.item(1);
    assertTrue(Double.parseDouble(first.getAttribute("cx")) < Double.parseDouble(second.getAttribute("cx")));
    assertTrue(Double.parseDouble(first.getAttribute("cy")) > Double.parseDouble(second.getAttribute("cy")));
  }

  @Test void histogramsCountEveryNumber() {
    double[] values = {0, 0.1, 0.5, 0.9, 1, 1};
    double sum = 0;
    for (double c : Chart.histogram("x", values, 4).series().getFirst().y()) {
      sum += c;
    }
    assertEquals(6, sum);
  }

  @Test void emptyChartsAndGapsAreDrawn() throws Exception {
    parse(Chart.of("x", "y").drawing().svg("empty"));
    parse(Chart.of("x", "y").line("gap", 1, Double.NaN, 2).line("one", 3).drawing().svg("gaps"));
    parse(BarChart.of("x").drawing().svg("no bars"));
    parse(HeatMap.of(1, 1, new float[] {Float.NaN}).cells().svg("nothing"));
  }

  @Test void picturesComeBackFromTheirPng() throws Exception {
    byte[] planes = new byte[3 * 5 * 7];
    new Random(3).nextBytes(planes);
    var image = ImageIO.read(new ByteArrayInputStream(Png.of(3, 5, 7, planes).file()));
    for (int i = 0; i < 35; i++) {
      int rgb = image.getRGB(i % 7, i / 7);
      assertEquals((planes[i] & 255) << 16 | (planes[35 + i] & 255) << 8 | planes[70 + i] & 255, rgb & 0xffffff);
    }
  }

  @Test void c1ofPngNamesTheChannels() {
    String message = assertThrows(IllegalArgumentException.class, () -> Png.of(2, 1, 1, new byte[2])).getMessage();
    assertEquals("a PNG cannot have 2 channels.\n  C1: channels is 1, 3 or 4; received 2.\n"
        + "  Use 1 for grey, 3 for colour, 4 for colour with opacity.", message);
  }

  @Test void c2ofPngComparesTheLength() {
    String message = assertThrows(IllegalArgumentException.class, () -> Png.of(1, 2, 2, new byte[3])).getMessage();
    assertTrue(message.startsWith("a PNG of 1 × 2 × 2 cannot take 3 bytes.\n  C2: "), message);
  }

  @Test void pagesAskForNothing() {
    String html = Page.of("A page", "en").twin("中文", "page.zh.html").add(Block.section("S"),
        Block.figure("c", Chart.of("x", "y").line("a", 1, 2).drawing()), new Block.Code("a < b"),
        new Block.Verdict(Block.Outcome.HOLDS, "holds", "`a`", "**b**"),
        new Block.Table(List.of("h"), List.of(List.of("1")), 0)).html();
    assertFalse(html.matches("(?s).*(https?:|@import|url\\(|<script|<link).*"), "a request");
    assertTrue(html.contains("<a href=\"page.zh.html\">中文</a>") && html.contains("<code>a</code>")
        && html.contains("<strong>b</strong>") && html.contains("a &lt; b"), html);
  }
}
