package juanji.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.op.View;
import juanji.tensor.Shape;

/// Conditions and loops whose course is known when the network is translated: the branch taken, and the turns one
/// after the other.
final class Control {
  private static final int MOST_TURNS = 1000;

  private Control() {
  }

  static void register(Map<String, Operator> table) {
    table.put("If", c -> {
      boolean taken = c.host(0).wholes()[0] != 0;
      GraphProto then = c.graph("then_branch").orElseThrow(() -> c.wrong("attribute 'then_branch' is given"));
      GraphProto otherwise = c.graph("else_branch").orElseThrow(() -> c.wrong("attribute 'else_branch' is given"));
      return c.within().inner(taken ? then : otherwise, List.of());
    });
    table.put("Loop", Control::loop);
  }

  private static List<Value> loop(Call c) {
    GraphProto body = c.graph("body").orElseThrow(() -> c.wrong("attribute 'body' is given"));
    long turns = c.has(0) ? c.wholes(0)[0] : Long.MAX_VALUE;
    boolean goesOn = !c.has(1) || c.host(1).wholes()[0] != 0;
    int carried = c.count() - 2;
    List<Value> state = new ArrayList<>();
    for (int i = 0; i < carried; i++) {
      state.add(c.input(2 + i));
    }
    int scanned = body.outputs().size() - 1 - carried;
    if (scanned < 0 || body.inputs().size() != 2 + carried) {
      throw c.wrong("the body takes the turn, the condition and what is carried, and gives these again");
    }
    List<List<Value>> rows = new ArrayList<>();
    for (int i = 0; i < scanned; i++) {
      rows.add(new ArrayList<>());
    }
    for (long turn = 0; turn < turns && goesOn; turn++) {
      if (turn == MOST_TURNS) {
        throw c.unsupported("it takes more than " + MOST_TURNS + " turns");
      }
      List<Value> given = new ArrayList<>(List.of(
          new Value.Host(HostTensor.wholes(ElementType.INT64, Shape.of(), turn)),
          new Value.Host(HostTensor.wholes(ElementType.BOOL, Shape.of(), 1))));
      given.addAll(state);
      List<Value> results = c.within().inner(body, given);
      goesOn = c.host(results.getFirst(), "the condition of its body").wholes()[0] != 0;
      state = new ArrayList<>(results.subList(1, 1 + carried));
      for (int i = 0; i < scanned; i++) {
        Value row = results.get(1 + carried + i);
        rows.get(i).add(c.values().reshape(row, row.shape().prepend(1)));
      }
    }
    List<Value> outputs = new ArrayList<>(state);
    for (List<Value> each : rows) {
      if (each.isEmpty()) {
        throw c.unsupported("it takes no turn, so that the shape of what it collects is not known");
      }
      outputs.add(each.size() == 1 ? each.getFirst() : c.values().apply(new View.Concat(0), each));
    }
    return outputs;
  }
}
