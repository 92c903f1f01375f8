package juanji.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import juanji.data.DataException;
import juanji.data.Part;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTest {
  @Test void encodingsAreTold() {
    String chinese = "这部电影很好看，我还想再看一遍。";
    assertEquals(chinese, Encoding.text(chinese.getBytes(StandardCharsets.UTF_8)));
    assertEquals(chinese, Encoding.text(("\uFEFF" + chinese).getBytes(StandardCharsets.UTF_8)));
    assertEquals(chinese, Encoding.text(chinese.getBytes(Charset.forName("GBK"))));
    assertEquals(chinese, Encoding.text(("\uFEFF" + chinese).getBytes(StandardCharsets.UTF_16LE)));
    assertEquals(chinese, Encoding.text(("\uFEFF" + chinese).getBytes(StandardCharsets.UTF_16BE)));
    String french = "la fiancée d'un naïf à Besançon";
    assertEquals(french, Encoding.text(french.getBytes(StandardCharsets.ISO_8859_1)));
    assertEquals(french, Encoding.text(french.getBytes(StandardCharsets.UTF_8)));
    assertEquals("", Encoding.text(new byte[0]));
    assertEquals("ab", Encoding.text(new byte[] {'a', 0, 'b'}));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(50)];
      random.nextBytes(bytes);
      assertTrue(Encoding.text(bytes).length() <= bytes.length);
    }
  }

  @Test void wordsAndCharacters() {
    assertEquals(List.of("it", "isn't", "3.5", "km", "well-known", "—", "'s", "!"),
        Tokens.WORDS.of("It isn't 3.5 km, well-known — 's!").stream().filter(t -> !t.equals(",")).toList());
    assertEquals(List.of("我", "爱", "java", "25", "，", "学", "习"), Tokens.WORDS.of("我爱Java 25，学习"));
    assertEquals(List.of("a", " ", "b", "😀"), Tokens.CHARACTERS.of("  A \n b😀 "));
    assertEquals(List.of("one", "two"), Tokens.WORDS.of("one two three", 2));
    assertEquals(List.of(), Tokens.WORDS.of(" \t\n"));
    assertEquals(100, Tokens.WORDS.of("x".repeat(5000)).getFirst().length());
  }

  @Test void vocabularyIsByFrequencyAndUnknownTokensAre0() {
    TextPreparation how = TextPreparation.measure(List.of("b a b", "c b a a b"), Tokens.WORDS, 2, 256);
    assertEquals(List.of("b", "a"), how.vocabulary());
    assertEquals(5, how.length());
    assertArrayEquals(new float[] {1, 0, 2, -1, -1}, how.numbers("B zebra a"));
    assertArrayEquals(new float[] {1, 1, 1, 1, 1}, how.numbers("b b b b b b b"));
    assertEquals(how, TextPreparation.of(how.reading()));
    assertEquals(3, how.known());
    TextPreparation none = new TextPreparation(Tokens.CHARACTERS, 7, List.of());
    assertEquals(none, TextPreparation.of(none.reading()));
  }

  @Test void c1AndC2() {
    assertEquals("texts cannot be brought to 0 tokens.\n  C1: the length is from 1 to 1,000,000; received 0.\n"
        + "  Use 64.", assertThrows(IllegalArgumentException.class,
            () -> new TextPreparation(Tokens.WORDS, 0, List.of())).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new TextPreparation(Tokens.WORDS, 5, List.of("a", "a")));
    assertThrows(IllegalArgumentException.class, () -> new TextPreparation(Tokens.WORDS, 5, List.of("a\nb")));
    assertThrows(IllegalArgumentException.class, () -> Tokens.named("syllables"));
  }

  @Test void oneFilePerClass(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve("reviews.pos"), "good film\r\n\r\nfiancée\n".getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(folder.resolve("reviews.neg"), "bad film\n");
    assertTrue(TextFiles.recognises(folder));
    TextData data = TextFiles.open(folder, Optional.empty()).part(Part.TRAIN).orElseThrow();
    assertEquals(List.of("neg", "pos"), data.classes());
    assertEquals(List.of("bad film", "good film", "fiancée"), data.texts());
    assertEquals("reviews.pos:3", data.source(2));
    assertEquals("good film", data.text(1));
  }

  @Test void aFolderPerClassDividedByItsAuthor(@TempDir Path folder) throws IOException {
    for (String part : List.of("train", "test")) {
      for (String label : List.of("spam", "ham")) {
        Path own = Files.createDirectories(folder.resolve(part).resolve(label));
        Files.writeString(own.resolve("1.txt"), "text of " + label);
        Files.writeString(own.resolve("2.txt"), part.equals("train") ? " " : "more of " + label);
      }
    }
    TextFiles files = TextFiles.open(folder, Optional.empty());
    assertEquals(2, files.part(Part.TRAIN).orElseThrow().size());
    assertEquals(4, files.part(Part.TEST).orElseThrow().size());
    assertEquals("[train/ham/2.txt: it is empty, train/spam/2.txt: it is empty]", files.problems().toString());
  }

  @Test void tablesWithAndWithoutNames(@TempDir Path folder) throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"),
        "\uFEFFid,Text,Label\n1,\"a, \"\"b\"\"\nc\",x\n2,d,y\n3,,x\n4\n");
    TextFiles files = TextFiles.open(csv, Optional.empty());
    TextData data = files.part(Part.TRAIN).orElseThrow();
    assertEquals(List.of("a, \"b\"\nc", "d"), data.texts());
    assertEquals(List.of("x", "y"), data.classes());
    assertEquals("[a.csv, row 4: its text is empty, a.csv, row 5: it has 1 column(s) only]",
        files.problems().toString());
    Path tsv = Files.writeString(folder.resolve("b.tsv"), "pos\tgood one\nneg\tbad one\npos\tgreat\n");
    assertEquals(List.of("bad one", "good one", "great"), TextFiles.open(tsv, Optional.empty()).part(Part.TRAIN)
        .orElseThrow().texts().stream().sorted().toList());
    Path jsonl = Files.writeString(folder.resolve("c.jsonl"), "{\"text\": \"好\", \"label\": 1}\n\n{\"text\": 3\n"
        + "{\"label\": 0}\n{\"sentence\": \"坏\", \"class\": 0, \"split\": \"test\"}\n{\"text\": \"也\", \"label\": 0}");
    TextFiles lines = TextFiles.open(jsonl, Optional.empty());
    assertEquals(List.of("0", "1"), lines.part(Part.TRAIN).orElseThrow().classes());
    assertEquals(List.of("坏"), lines.part(Part.TEST).orElseThrow().texts());
    assertEquals("[c.jsonl:3: it is no JSON object, c.jsonl:4: it has no text, or no class]",
        lines.problems().toString());
  }

  @Test void whatIsNoDataIsRefused(@TempDir Path folder) throws IOException {
    Path one = Files.writeString(folder.resolve("one.csv"), "text,label\na,x\nb,x\n");
    assertEquals("'" + one + "' cannot be used for training.\n  F2: two classes or more have texts; received only 'x'."
        + "\n  Give a table with a column for the class, one file per class, or one folder per class.",
        assertThrows(DataException.class, () -> TextFiles.open(one, Optional.empty())).getMessage());
    Path wide = Files.writeString(folder.resolve("wide.csv"), "a,b,c\n1,2,3\n");
    assertTrue(assertThrows(DataException.class, () -> TextFiles.open(wide, Optional.empty())).getMessage()
        .contains("F1: its first row names a column for the text (text, sentence, review, content, document, x) and "
            + "one for the class"));
    Path empty = Files.writeString(folder.resolve("empty.csv"), "");
    assertTrue(assertThrows(DataException.class, () -> TextFiles.open(empty, Optional.empty())).getMessage()
        .contains("F1: it has rows; received none."));
    Path binary = Files.createDirectories(folder.resolve("binary"));
    Files.write(binary.resolve("a.dat"), new byte[] {1, 2, 3, 4, 5});
    assertFalse(TextFiles.recognises(binary));
    assertFalse(TextFiles.recognises(folder.resolve("missing.csv")));
  }

  @Test void classesOfAModelAreKept(@TempDir Path folder) throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "text,label\nhello,b\nthere,z\n");
    TextFiles files = TextFiles.open(csv, Optional.empty(), List.of("a", "b"));
    assertEquals(List.of("hello"), files.part(Part.TRAIN).orElseThrow().texts());
    assertEquals(1, files.part(Part.TRAIN).orElseThrow().label(0));
    assertEquals("[a.csv, row 3: its class 'z' is none of the classes; it and others of it were left out]",
        files.problems().toString());
  }

  @Test void sentencesAreRead() {
    Path reviews = Path.of("../../shared/data/sentence-polarity");
    Assumptions.assumeTrue(Files.isDirectory(reviews), "the sentences are not here: " + reviews);
    assertTrue(TextFiles.recognises(reviews));
    TextData data = TextFiles.open(reviews, Optional.empty()).part(Part.TRAIN).orElseThrow();
    assertEquals(List.of("neg", "pos"), data.classes());
    assertEquals(9596, data.size());
  }
}
