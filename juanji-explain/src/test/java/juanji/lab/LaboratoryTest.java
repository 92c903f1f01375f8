package juanji.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import juanji.data.Digits;
import juanji.draw.Page;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Laboratories with settings of one's own; the usual ones are those of the chapter's test.
final class LaboratoryTest {
  private static final Workers WORKERS = Workers.of(2);
  private static final Desk DESK = new Desk(WORKERS);

  @AfterAll static void close() {
    WORKERS.close();
  }

  private static List<String> broken(Result result) {
    List<String> broken = new ArrayList<>();
    result.findings().stream().filter(f -> !f.holds()).forEach(f -> broken.add(f.claim().english() + ": "
        + f.measured()));
    return broken;
  }

  private static Setup setup(Laboratory lab, String choices) {
    Setup setup = Setup.of(lab);
    for (String choice : choices.split("/")) {
      setup = setup.with(choice.replaceFirst("=.*", ""), choice.replaceFirst(".*?=", ""));
    }
    return setup;
  }

  /// What is stated for any settings holds for these.
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"dilated|kernel=2/dilations=3,1/other=2,4", "dilated|kernel=3/dilations=1,2,5",
      "padding|size=11/kernel=4", "padding|size=12/kernel=3/dilation=2", "padding|size=9/kernel=3/stride=2",
      "transposed|numbers=1 -2 0.5/kernel=1 2; 3 4; 5 6/stride=2", "transposed|numbers=1 2; 3 4; 0 1/stride=2/crop=1",
      "sharing|size=64/kernel=3", "connections|cells=12/kernel=4/tiles=3", "vlad|clusters=3/window=12"})
  void statementsHoldForOtherSettings(String name, String choices) {
    Laboratory lab = Laboratories.named(name);
    assertEquals(List.of(), broken(lab.run(DESK, setup(lab, choices))));
  }

  @Test void aKernelThatTheStrideDividesWritesEvenly() {
    Laboratory lab = Laboratories.named("checkerboard");
    Result result = lab.run(DESK, setup(lab, "kernel=4/stride=2/seen=200"));
    assertTrue(result.findings().getFirst().holds());
    assertTrue(result.findings().getFirst().measured().startsWith("transposed 4×4: 4;"),
        result.findings().getFirst().measured());
    assertFalse(result.findings().stream().anyMatch(f -> f.claim().english().contains("Training weakens it")));
  }

  @Test void dataAndPicturesOfOnesOwnAreUsed() {
    Laboratory faces = Laboratories.named("faces");
    Setup.Data data = new Setup.Data(Digits.generate(60, 3), Digits.generate(30, 4));
    Setup setup = setup(faces, "seen=100/shift=2").with(data);
    assertTrue(setup.toString().contains("60 and 30 pictures of 1 × 28 × 28 in 10 classes"), setup.toString());
    Result result = faces.run(DESK, setup);
    assertTrue(result.parts().stream().anyMatch(p -> p instanceof Part.Remark(Words text)
        && text.english().contains("10 classes of pictures")));
    Laboratory shifts = Laboratories.named("shifts");
    Tensor ramp = Tensor.zeros(Shape.of(3, 20, 30));
    for (int i = 0; i < ramp.data().length; i++) {
      ramp.data()[i] = i % 30 / 29f;
    }
    Setup own = Setup.of(shifts).with(ramp);
    assertTrue(own.toString().endsWith("a picture of 3 × 20 × 30"), own.toString());
    assertEquals(5, shifts.run(DESK, own).findings().size());
  }

  @Test void whatDoesNotFitIsRefused() {
    Laboratory lab = Laboratories.named("padding");
    assertEquals("the laboratory knows no 'colour'.\n  C1: it can be told size, kernel, stride, dilation; received "
        + "'colour'.\n  Leave it out.", refusal(() -> Setup.of(lab).with("colour", "1")));
    assertEquals("the laboratory cannot take this kernel.\n  C2: kernel is a whole number from 1 to 15; received '0'.\n"
        + "  Leave it out for 3.", refusal(() -> Setup.of(lab).with("kernel", "0")));
    assertTrue(refusal(() -> Setup.of(lab).with("kernel", "99999999999")).contains("C2"));
    Laboratory transposed = Laboratories.named("transposed");
    assertTrue(refusal(() -> Setup.of(transposed).with("numbers", "1 2; 3")).contains("C3: numbers is up to 6 rows"));
    assertTrue(refusal(() -> Setup.of(transposed).with("numbers", "1 x")).contains("C3"));
    assertTrue(refusal(() -> Setup.of(lab).with(Tensor.zeros(Shape.of(1, 9, 9)))).contains("knows no 'picture'"));
    assertTrue(refusal(() -> new Setup.Data(Digits.generate(5, 1), new Resized(Digits.generate(5, 1),
        Tensor.zeros(Shape.of(5, 1, 9, 9))))).contains("C4"));
    assertTrue(refusal(() -> lab.run(DESK, setup(lab, "size=4/kernel=9"))).contains("does not fit into the input"));
    assertTrue(refusal(() -> Laboratories.named("alchemy")).contains("the laboratories are stacked, shifts, padding"));
    Laboratory stacked = Laboratories.named("stacked");
    assertTrue(refusal(() -> stacked.run(DESK, setup(stacked, "kernel=6/small=3"))).contains("cannot be stacked"));
  }

  private static String refusal(Executable what) {
    return assertThrows(IllegalArgumentException.class, what).getMessage();
  }

  @Test void everyPageIsThereInBothLanguages() {
    Laboratory lab = Laboratories.named("transposed");
    Setup setup = Setup.of(lab);
    Map<String, Page> pages = new LinkedHashMap<>(lab.pages(setup, lab.run(DESK, setup)));
    assertEquals(List.of("index.html", "index.zh.html"), List.copyOf(pages.keySet()));
    assertTrue(pages.get("index.zh.html").html().contains("转置卷积") && pages.get("index.zh.html").html()
        .contains("numbers 1 2; 3 4, kernel"));
    pages.values().forEach(p -> assertFalse(p.html().matches("(?s).*(https?:|@import|url\\(|<script|<link).*")));
  }

  @Test void checkerboardsAreFoundByTheirFrequency() {
    float[] board = new float[64];
    float[] ramp = new float[64];
    for (int i = 0; i < 64; i++) {
      board[i] = (i / 8 + i % 8) % 2;
      ramp[i] = i % 8;
    }
    assertEquals(1, Spectrum.of(board, 8).peak(2), 1e-9);
    assertTrue(Spectrum.of(ramp, 8).peak(2) < 0.1);
    assertTrue(Spectrum.of(board, 8).prominence(2) > 1e6);
    float[] noise = new float[64 * 64 * 20];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat();
    }
    assertEquals(1, Spectrum.of(noise, 64).prominence(2), 0.4);
  }
}
