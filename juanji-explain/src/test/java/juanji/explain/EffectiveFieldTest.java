package juanji.explain;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.zoo.LeNet5;
import juanji.zoo.SmallCnn;
import org.junit.jupiter.api.Test;

/// What is really looked at lies within what can be seen.
final class EffectiveFieldTest {
  @Test void gradientsStayInsideTheField() {
    List<Model> models = List.of(LeNet5.modern(Shape.of(1, 28, 28), 10), SmallCnn.of(Shape.of(3, 40, 32), 10),
        Model.of(input(2, 31, 37), conv(4, 3, 5).dilation(2, 1), relu(), maxPool(2), conv(4, 4).stride(2).same()));
    for (Model model : models) {
      for (String path : Probe.spatial(model)) {
        EffectiveField field = EffectiveField.of(model, path, 3, TrainedDigits.WORKERS);
        assertTrue(field.insideTheory(), model + " " + path);
        assertTrue(field.height() <= field.fieldRows() && field.width() <= field.fieldColumns(), path);
      }
    }
  }

  @Test void deepFieldsAreLookedAtMostInTheMiddle() {
    Model model = Model.of(input(1, 41, 41), conv(8, 3).same(), conv(8, 3).same(), conv(8, 3).same(), conv(8, 3).same(),
        conv(8, 3).same(), conv(8, 3).same(), conv(8, 3).same(), conv(8, 3).same());
    EffectiveField field = EffectiveField.of(model, "conv8", 8, TrainedDigits.WORKERS);
    assertEquals(17, field.fieldRows());
    assertTrue(field.height() < 17, "looks at " + field.height());
    assertTrue(field.sensitivity()[20 * 41 + 20] > 10 * field.sensitivity()[12 * 41 + 12]);
  }

  @Test void layersWithoutPlanesAreRefused() {
    String message = assertThrows(IllegalArgumentException.class, () -> EffectiveField.of(TrainedDigits.FRESH, "dense1",
        1, TrainedDigits.WORKERS)).getMessage();
    assertTrue(message.startsWith("the layer 'dense1' has no field of view on a plane.\n  C1: "), message);
  }
}
