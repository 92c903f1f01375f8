package juanji.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.data.Framing;
import juanji.data.Preprocessing;
import juanji.json.Json;

/// What a model file keeps as JSON within its texts.
final class Texts {
  private Texts() {
  }

  static Json of(Preprocessing steps) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("channels", Json.of(steps.channels()));
    members.put("height", Json.of(steps.height()));
    members.put("width", Json.of(steps.width()));
    members.put("mean", numbers(steps.mean()));
    members.put("std", numbers(steps.std()));
    members.put("framing", Json.of(steps.framing().name()));
    return Json.of(members);
  }

  private static Json numbers(List<Float> values) {
    return Json.of(values.stream().map(v -> new Json.Number(Float.toString(v))).toList());
  }

  static Preprocessing preprocessing(Json json) {
    return new Preprocessing(extent(json, "channels"), extent(json, "height"), extent(json, "width"),
        floats(json.member("mean")), floats(json.member("std")), Framing.valueOf(json.member("framing").asText()));
  }

  private static int extent(Json json, String name) {
    return Math.toIntExact(json.member(name).asLong());
  }

  private static List<Float> floats(Json json) {
    return json.items().stream().map(v -> (float) v.asDouble()).toList();
  }

  static Map<String, String> strings(Json json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.members().forEach((name, value) -> texts.put(name, value.asText()));
    return texts;
  }
}
