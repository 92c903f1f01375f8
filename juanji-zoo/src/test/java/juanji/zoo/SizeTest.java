package juanji.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import juanji.nn.Architecture;
import juanji.nn.Model;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The networks are as large as is published, or it is explained why they are not.
class SizeTest {
  /// What is counted here of the networks that nobody publishes an exact number of weights for.
  private static final Map<String, Long> COUNTED = new TreeMap<>(Map.ofEntries(
      Map.entry("lenet5-classic", 61_706L), Map.entry("vgg-small", 1_148_874L),
      Map.entry("googlenet-5x5", 7_005_832L), Map.entry("sppnet", 77_037_672L),
      Map.entry("resnet18-small", 11_173_962L), Map.entry("resnet20", 269_722L),
      Map.entry("xception", 22_855_952L), Map.entry("mobilenet-v1", 4_231_976L),
      Map.entry("mobilenet-v1-small", 3_217_226L), Map.entry("deepface", 118_923_774L),
      Map.entry("deepface-retold", 255_202_302L), Map.entry("deepid", 1_898_597L),
      Map.entry("charcnn", 11_339_780L), Map.entry("speech-cnn", 926_860L), Map.entry("c3d", 79_991_015L),
      Map.entry("netvlad-vgg16", 14_780_288L), Map.entry("netvlad-alexnet", 2_502_528L),
      Map.entry("unet", 31_030_658L), Map.entry("textcnn-rand", 5_990_702L)));

  static List<Network> networks() {
    return Zoo.all();
  }

  /// What a text such as `4.2 M` stands for, and how far off what it was rounded from may be.
  private static BigDecimal[] read(String text) {
    String[] parts = text.replace(",", "").split(" ");
    int zeros = parts.length == 1 ? 0 : Map.of("k", 3, "M", 6, "G", 9).get(parts[1]);
    BigDecimal value = new BigDecimal(parts[0]);
    BigDecimal unit = BigDecimal.ONE.movePointRight(zeros - value.scale());
    return new BigDecimal[] {value.movePointRight(zeros), zeros == 0 ? BigDecimal.ZERO : unit};
  }

  private static boolean agrees(String published, long counted) {
    BigDecimal[] read = read(published);
    return read[0].subtract(BigDecimal.valueOf(counted)).abs().compareTo(read[1]) <= 0;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void sizesAreAsPublished(Network network) {
    Model model = network.model();
    Network.Published published = network.published();
    long work = model.summary().multiplyAdds();
    boolean equal = (published.weights().isEmpty() || agrees(published.weights(), model.weightCount()))
        && (published.multiplyAdds().isEmpty() || agrees(published.multiplyAdds(), work));
    assertTrue(equal || !published.difference().isEmpty(), network.name() + ": " + model.weightCount() + " weights and "
        + work + " mult-adds instead of " + published.weights() + " and " + published.multiplyAdds());
    assertEquals(published.weights().isEmpty() && published.multiplyAdds().isEmpty(), published.source().isEmpty(),
        "numbers have a source");
    if (COUNTED.containsKey(network.name())) {
      assertEquals(COUNTED.get(network.name()), model.weightCount());
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void textIsSource(Network network) {
    Model model = network.model();
    assertEquals(model.toString(), Architecture.model(model.toString()).toString());
    assertFalse(network.idea().isEmpty() || network.paper().isEmpty());
  }

  @Test void namesAreUnique() {
    assertEquals(Zoo.all().size(), Zoo.all().stream().map(Network::name).distinct().count());
    assertTrue(Zoo.all().stream().allMatch(n -> n.name().matches("[a-z0-9.-]+")));
    assertNotEquals(List.of(), Zoo.all());
  }

  @Test void sizesNeedNoWeightsInMemory() {
    assertEquals(Shape.of(4030), Zoo.network("deepface-retold").model().outputShape());
  }
}
