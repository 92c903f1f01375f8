package juanji.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test void valuesAreReadAndWritten() {
    String text = " { \"a\" : [ 1 , -0.5e3, true, false, null ], "
        + "\"b\\n\\u00e9\\ud83d\\ude00\\/\" : { } , \"\" : \"\" } ";
    Json json = Json.parse(text);
    assertEquals("{\"a\":[1,-0.5e3,true,false,null],\"b\\né😀/\":{},\"\":\"\"}", json.toString());
    assertEquals(json, Json.parse(json.toString()));
    assertEquals(-500, json.member("a").items().get(1).asDouble());
    assertEquals(-500, json.member("a").items().get(1).asLong());
    assertTrue(json.member("a").items().get(2).asBoolean());
    assertTrue(json.find("c").isEmpty());
  }

  @Test void everyStringComesBack() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 2000; i++) {
      char[] chars = new char[random.nextInt(12)];
      for (int c = 0; c < chars.length; c++) {
        chars[c] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0xd700, 0xe100));
      }
      String text = new String(chars);
      String written = Json.of(text).toString();
      assertEquals(text, Json.parse(written).asText());
      byte[] bytes = written.getBytes(StandardCharsets.UTF_8);
      assertEquals(written, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @Test void numbersAreExact() {
    for (long n : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertEquals(n, Json.parse(Json.of(n).toString()).asLong());
    }
    for (double d : new double[] {0.1, -1e-300, 1.5e300, 3, 1e15, 1e14}) {
      assertEquals(d, Json.parse(Json.of(d).toString()).asDouble());
    }
    assertEquals(1000, Json.parse("1e3").asLong());
    for (String text : List.of("9223372036854775808", "1.5", "1e99", "1e999999999", "\"1\"", "[1]")) {
      assertThrows(JsonException.class, () -> Json.parse(text).asLong(), text);
    }
    assertThrows(IllegalArgumentException.class, () -> Json.of(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Json.of(Double.POSITIVE_INFINITY));
  }

  @Test void c1WhatIsNotJsonIsRefused() {
    for (String text : List.of("", " ", "{", "}", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{a:1}", "{'a':1}", "01", "+1", ".5", "1.", "1e", "-", "NaN", "Infinity", "tru", "nul", "\"", "\"\\", "\"\\x\"",
        "\"\\u12g4\"", "\"\\u12\"", "\"a\nb\"", "\"\t\"", "1 2", "[1] x", "{\"a\":1 \"b\":2}", "/*c*/1", "\ufeff1",
        "\u00a01", "\u0000", "\"\\u\uff11\uff11\uff11\uff11\"")) {
      var e = assertThrows(JsonException.class, () -> Json.parse(text), text);
      assertTrue(e.getMessage().contains("\n  C1: "), e.getMessage());
      assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    }
  }

  @Test void c1PlacesAreExact() {
    var e = assertThrows(JsonException.class, () -> Json.parse("{\n  \"a\": [1,\n 2,, 3]}"));
    assertEquals("""
        the text is not JSON at line 3, column 4.
          C1: a value is expected; received ', 3]}'.
          Write an object, an array, a string, a number, true, false or null.""", e.getMessage());
  }

  @Test void c1MembersAreNamedOnce() {
    var e = assertThrows(JsonException.class, () -> Json.parse("{\"a\": 1, \"\\u0061\": 2}"));
    assertTrue(e.getMessage().contains("column 10"), e.getMessage());
  }

  @Test void c2DepthAndNumberAreLimited() {
    String deep = "[".repeat(64) + "]".repeat(64);
    assertEquals(deep, Json.parse(deep).toString());
    for (String text : List.of("[" + deep + "]", "[".repeat(1_000_000), "{\"a\":".repeat(1_000_000))) {
      assertTrue(assertThrows(JsonException.class, () -> Json.parse(text)).getMessage().contains("\n  C2: "));
    }
    String many = "[" + "0,".repeat(1_000_000) + "0]";
    assertTrue(assertThrows(JsonException.class, () -> Json.parse(many)).getMessage().contains("\n  C2: "));
  }

  @Test void c3AndC4ValuesAreWhatIsAskedFor() {
    Json json = Json.of(Map.of("a", Json.of(1)));
    assertTrue(assertThrows(JsonException.class, json::items).getMessage().contains("C3: it is an array"));
    assertTrue(assertThrows(JsonException.class, json::asText).getMessage().contains("C3: it is a string"));
    assertTrue(assertThrows(JsonException.class, () -> json.member("b")).getMessage().contains("C4: "));
    assertThrows(JsonException.class, () -> Json.of("a").members());
    assertThrows(JsonException.class, () -> Json.of("a").asDouble());
    assertThrows(JsonException.class, () -> Json.of("a").asBoolean());
  }
}
