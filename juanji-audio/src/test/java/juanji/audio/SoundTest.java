package juanji.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import juanji.data.DataException;
import juanji.data.Part;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoundTest {
  private static float[] tone(int rate, int length, double hertz) {
    float[] samples = new float[length];
    for (int i = 0; i < length; i++) {
      samples[i] = (float) (0.7 * Math.sin(2 * Math.PI * hertz * i / rate));
    }
    return samples;
  }

  private static int code(double value, int bits) {
    return (int) Math.round(value * ((1L << bits - 1) - 1));
  }

  /// A WAV file with its chunks as they usually come, a chunk of odd length before the samples.
  private static byte[] wav(float[] mono, int channels, int bits, boolean floating, boolean extensible) {
    int bytes = bits / 8;
    ByteBuffer data = ByteBuffer.allocate(mono.length * channels * bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (float v : mono) {
      for (int c = 0; c < channels; c++) {
        // The channels differ, though their mean is the sound.
        double value = channels == 1 ? v : c == 0 ? v + 0.1 : v - 0.1;
        if (floating && bits == 32) {
          data.putFloat((float) value);
        } else if (floating) {
          data.putDouble(value);
        } else if (bits == 8) {
          data.put((byte) (128 + Math.round(value * 127)));
        } else {
          int code = code(value, bits);
          for (int b = 0; b < bytes; b++) {
            data.put((byte) (code >> 8 * b));
          }
        }
      }
    }
    int fmt = extensible ? 40 : 16;
    ByteBuffer out = ByteBuffer.allocate(12 + 8 + fmt + 8 + 4 + 8 + data.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8)
        .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(fmt)
        .putShort((short) (extensible ? 0xFFFE : floating ? 3 : 1)).putShort((short) channels).putInt(8000)
        .putInt(8000 * channels * bytes).putShort((short) (channels * bytes)).putShort((short) bits);
    if (extensible) {
      out.putShort((short) 22).putShort((short) bits).putInt(3).putShort((short) (floating ? 3 : 1)).put(new byte[14]);
    }
    out.put("note".getBytes(StandardCharsets.US_ASCII)).putInt(3).put(new byte[4]);
    return out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(data.capacity()).put(data.array()).array();
  }

  @ParameterizedTest
  @CsvSource({"1,8,false,false,0.01", "1,16,false,false,1e-4", "2,16,false,false,1e-4", "1,24,false,false,1e-6",
      "2,24,false,true,1e-6", "1,32,false,false,1e-6", "1,32,true,false,1e-7", "2,32,true,true,1e-6",
      "1,64,true,false,1e-7"})
  void wavOfEveryKindIsRead(int channels, int bits, boolean floating, boolean extensible, double tolerance)
      throws Exception {
    float[] samples = tone(8000, 500, 440);
    Sound sound = SoundFile.read(wav(samples, channels, bits, floating, extensible));
    assertEquals(8000, sound.rate());
    assertArrayEquals(samples, sound.samples(), (float) tolerance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AIFF", "AU", "WAVE", "AIFF-C"})
  void filesOfThePlatformAreReadAsThePlatformMeansThem(String kind) throws Exception {
    float[] samples = tone(11_025, 300, 700);
    boolean little = kind.equals("WAVE");
    byte[] raw = new byte[600];
    for (int i = 0; i < 300; i++) {
      int code = code(samples[i], 16);
      raw[2 * i + (little ? 0 : 1)] = (byte) code;
      raw[2 * i + (little ? 1 : 0)] = (byte) (code >> 8);
    }
    AudioFormat format = new AudioFormat(11_025, 16, 1, true, !little);
    AudioFileFormat.Type type = List.of(AudioFileFormat.Type.AIFF, AudioFileFormat.Type.AU, AudioFileFormat.Type.WAVE,
        AudioFileFormat.Type.AIFC).stream().filter(t -> t.toString().equals(kind)).findFirst().orElseThrow();
    AudioInputStream stream = new AudioInputStream(new ByteArrayInputStream(raw), format, 300);
    Assumptions.assumeTrue(AudioSystem.isFileTypeSupported(type, stream), "the platform writes no " + kind);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AudioSystem.write(stream, type, out);
    Sound sound = SoundFile.read(out.toByteArray());
    assertEquals(11_025, sound.rate());
    assertArrayEquals(samples, sound.samples(), 1e-4f);
  }

  @Test void companderTablesAreThoseOfG711() throws Exception {
    for (AudioFormat.Encoding encoding : List.of(AudioFormat.Encoding.ULAW, AudioFormat.Encoding.ALAW)) {
      byte[] codes = new byte[256];
      for (int i = 0; i < 256; i++) {
        codes[i] = (byte) i;
      }
      AudioInputStream packed = new AudioInputStream(new ByteArrayInputStream(codes),
          new AudioFormat(encoding, 8000, 8, 1, 1, 8000, false), 256);
      byte[] linear = AudioSystem.getAudioInputStream(AudioFormat.Encoding.PCM_SIGNED, packed).readAllBytes();
      ByteBuffer file = ByteBuffer.allocate(24 + 256).put(".snd".getBytes(StandardCharsets.US_ASCII)).putInt(24)
          .putInt(256).putInt(encoding == AudioFormat.Encoding.ULAW ? 1 : 27).putInt(8000).putInt(1).put(codes);
      Sound sound = SoundFile.read(file.array());
      ByteBuffer expected = ByteBuffer.wrap(linear).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 256; i++) {
        assertEquals(expected.getShort(2 * i) / 32768f, sound.samples()[i], 2e-3, encoding + " " + i);
      }
    }
  }

  @Test void aCutOrUnfinishedFileGivesWhatIsThere() throws Exception {
    byte[] whole = wav(tone(8000, 500, 440), 1, 16, false, false);
    assertEquals(400, SoundFile.read(Arrays.copyOf(whole, whole.length - 200)).samples().length);
    byte[] claims = whole.clone();
    Arrays.fill(claims, whole.length - 1000 - 4, whole.length - 1000, (byte) -1);
    assertEquals(500, SoundFile.read(claims).samples().length);
  }

  @Test void brokenFilesAreRefusedInThreeLines(@TempDir Path folder) throws IOException {
    byte[] whole = wav(tone(8000, 50, 440), 1, 16, false, false);
    byte[] mp3 = whole.clone();
    mp3[20] = 0x55;
    byte[] wide = whole.clone();
    wide[34] = 12;
    byte[][] files = {{}, "hello, this is text".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, 30), mp3, wide,
        Arrays.copyOf(whole, whole.length - 100)};
    String[] reasons = {"S1: it starts as a WAV, AIFF or AU file does; received an empty file.",
        "S1: it starts as a WAV, AIFF or AU file does; received 'hell' and 15 bytes more.",
        "S2: it says its format; received none.",
        "S2: samples are integers, floats, A-law or μ-law; received format 85.",
        "S2: samples have 8, 16, 24 or 32 bits (floats 32 or 64), in 1 to 64 channels, 1 to 1,000,000 a second; "
            + "received 12 bits, 1 channels, 8000.0.", "S3: it has samples; received none."};
    for (int i = 0; i < files.length; i++) {
      Path file = Files.write(folder.resolve(i + ".wav"), files[i]);
      assertEquals("the sound '" + file + "' cannot be read.\n  " + reasons[i]
          + "\n  Save the sound again as WAV with 16 bits.", assertThrows(DataException.class,
              () -> SoundFile.read(file)).getMessage());
    }
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = whole.clone();
      for (int k = 0; k < 4; k++) {
        bytes[random.nextInt(60)] = (byte) random.nextInt(256);
      }
      try {
        assertTrue(SoundFile.read(bytes).samples().length <= whole.length);
      } catch (SoundFile.MalformedSoundException e) {
        assertFalse(e.getMessage().isEmpty());
      }
    }
  }

  @Test void resamplingKeepsATone() {
    for (int[] rates : new int[][] {{8000, 16_000}, {44_100, 16_000}, {8000, 11_025}}) {
      Sound sound = new Sound(tone(rates[0], rates[0] / 5, 440), rates[0]).resampled(rates[1]);
      assertEquals(rates[1] / 5, sound.samples().length, 1);
      float[] expected = tone(rates[1], sound.samples().length, 440);
      for (int i = 200; i < expected.length - 200; i++) {
        assertEquals(expected[i], sound.samples()[i], 0.01, rates[0] + " to " + rates[1] + " at " + i);
      }
    }
    Sound high = new Sound(tone(16_000, 4000, 6000), 16_000).resampled(8000);
    for (int i = 100; i < 1900; i++) {
      assertEquals(0, high.samples()[i], 0.02, "what is above half of the new rate is gone");
    }
    Sound same = new Sound(new float[3], 8000);
    assertSame(same, same.resampled(8000));
  }

  @Test void preparationIsReadAgainAndHasItsShape() {
    SoundPreparation speech = SoundPreparation.speech(8000, 1);
    assertEquals("1 × 40 × 63", speech.shape().toString());
    for (SoundPreparation.Features features : SoundPreparation.Features.values()) {
      SoundPreparation how = speech.features(features);
      assertEquals(how, SoundPreparation.of(how.reading()));
      float[] values = how.features(new Sound(tone(16_000, 9000, 300), 16_000));
      assertEquals(how.shape().size(), values.length);
      if (features != SoundPreparation.Features.MFCC) {
        for (float v : values) {
          assertTrue(v >= 0 && v <= 1.0001, features + " " + v);
        }
      }
    }
    assertEquals("1 × 257 × 32", new SoundPreparation(SoundPreparation.Features.SPECTROGRAM, 8000, 8000, 512, 256, 9)
        .shape().toString());
  }

  @Test void whatIsBelowTheRangeCountsAsSilence() {
    float[] waves = tone(8000, 8000, 300);
    for (int i = 4000; i < waves.length; i++) {
      waves[i] *= 0.003f;
    }
    Sound sound = new Sound(waves, 8000);
    SoundPreparation long80 = SoundPreparation.speech(8000, 1).bands(20);
    SoundPreparation short40 = long80.range(40);
    assertEquals(short40, SoundPreparation.of(short40.reading()));
    float[] all = long80.features(sound);
    float[] loud = short40.features(sound);
    assertEquals(20 * 63, loud.length);
    for (int i = 0; i < loud.length; i++) {
      assertEquals(Math.max(0, 2 * all[i] - 1), loud[i], 1e-5);
      assertTrue(i % 63 < 34 || loud[i] == 0, "value " + i + ", 50 dB below");
    }
    Map<String, String> old = new HashMap<>(long80.reading());
    old.remove("range");
    assertEquals(long80, SoundPreparation.of(old), "files that were written before there was a choice");
    assertTrue(assertThrows(IllegalArgumentException.class, () -> long80.range(0)).getMessage().contains("C5:"));
  }

  @Test void theMeanOfEachBandTakesAFilterOff() {
    SplittableRandom random = new SplittableRandom(3);
    float[] waves = new float[8000];
    for (int i = 1; i < 6000; i++) {
      waves[i] = (float) ((0.1 + 0.09 * Math.sin(i / 500.0)) * random.nextGaussian());
    }
    float[] filtered = new float[8000];
    for (int i = 1; i < 8000; i++) {
      filtered[i] = 0.4f * (waves[i] - 0.6f * waves[i - 1]);
    }
    SoundPreparation plain = SoundPreparation.speech(8000, 1).bands(20).range(60);
    SoundPreparation cmn = plain.features(SoundPreparation.Features.LOG_MEL_CMN);
    assertEquals(cmn, SoundPreparation.of(cmn.reading()));
    double moved = difference(plain, waves, filtered);
    double left = difference(cmn, waves, filtered);
    assertTrue(moved > 0.05 && left < moved / 10, "a filter moves values by " + moved + ", by " + left + " with CMN");
    float[] values = cmn.features(new Sound(waves, 8000));
    for (int b = 0; b < 20; b++) {
      double sum = 0;
      for (int t = 0; t < 46; t++) {
        sum += values[b * 63 + t];
      }
      assertEquals(0.5, sum / 46, 0.02, "band " + b);
      assertEquals(0, values[b * 63 + 60], 0.3, "silence lies below the mean");
    }
    for (float v : cmn.features(new Sound(new float[8000], 8000))) {
      assertEquals(0.5, v, "nothing but silence is its own mean");
    }
  }

  private static double difference(SoundPreparation how, float[] one, float... other) {
    float[] a = how.features(new Sound(one, 8000));
    float[] b = how.features(new Sound(other, 8000));
    double sum = 0;
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      if (i % 63 < 45) {
        sum += Math.abs(a[i] - b[i]);
        count++;
      }
    }
    return sum / count;
  }

  @Test void wavesAreChangedBySeedAlone() {
    WaveAugmentation all = WaveAugmentation.named("time-shift:0.2 + speed:0.8/1.2 + gain:6 + noise-floor:20");
    assertEquals(all, WaveAugmentation.named(all.toString()));
    float[] waves = tone(8000, 800, 440);
    float[] once = all.apply(waves, new SplittableRandom(4));
    assertArrayEquals(once, all.apply(waves, new SplittableRandom(4)));
    assertFalse(Arrays.equals(once, all.apply(waves, new SplittableRandom(5))));
    assertEquals(800, once.length);
    assertThrows(IllegalArgumentException.class, () -> WaveAugmentation.named("speed:0/9"));
    assertThrows(IllegalArgumentException.class, () -> WaveAugmentation.named("echo"));
  }

  @Test void backgroundsAreDrawnFromFilesAtTheWantedLoudness(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("rooms"));
    Files.write(folder.resolve("hum.wav"), wav(tone(8000, 2000, 300), 1, 16, false, false));
    Files.write(folder.resolve("rooms/beep.wav"), wav(tone(16_000, 300, 1000), 1, 16, false, false));
    Files.writeString(folder.resolve("readme.md"), "no sound by its name");
    WaveAugmentation words = WaveAugmentation.named("background:" + folder + ":10/10 + time-shift:0");
    assertEquals(words, WaveAugmentation.named(words.toString()));
    assertThrows(IllegalStateException.class, () -> words.apply(new float[9], new SplittableRandom(1)));
    WaveAugmentation opened = words.opened(4000);
    Background background = (Background) opened.steps().getFirst();
    assertEquals(List.of(1000, 150), background.noises().stream().map(n -> n.length).toList(), "order and rate");
    float[] waves = tone(8000, 800, 440);
    for (int i = 0; i < waves.length; i++) {
      waves[i] *= 0.3f;
    }
    Set<List<Float>> drawn = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      float[] noisy = opened.apply(waves, new SplittableRandom(seed));
      assertArrayEquals(noisy, opened.apply(waves, new SplittableRandom(seed)));
      float[] added = new float[waves.length];
      for (int i = 0; i < added.length; i++) {
        added[i] = noisy[i] - waves[i];
      }
      assertEquals(10, 20 * Math.log10(Background.loudness(waves) / Background.loudness(added)), 0.01);
      drawn.add(List.of(added[0], added[1], added[2]));
    }
    assertTrue(drawn.size() > 10, drawn.size() + " beginnings and files");
    assertArrayEquals(new float[50], opened.apply(new float[50], new SplittableRandom(3)), "silence stays silence");
  }

  @Test void backgroundsThatCannotBeReadAreNamed(@TempDir Path folder) throws IOException {
    assertEquals("a background of sounds cannot be added so.\n  C1: it names a folder of sounds; received "
        + "'background'.\n  Write it as in background:noises:10, or background:noises:5/15.",
        assertThrows(IllegalArgumentException.class, () -> WaveAugmentation.named("background")).getMessage());
    assertTrue(assertThrows(IllegalArgumentException.class, () -> WaveAugmentation.named("background:n:20/10"))
        .getMessage().contains("the lower first; received 20.0/10.0"));
    WaveAugmentation words = WaveAugmentation.named("background:" + folder);
    assertTrue(assertThrows(DataException.class, () -> words.opened(8000)).getMessage()
        .contains("F1: it has sounds; received none, in it or in the folders in it."));
    Files.writeString(folder.resolve("broken.wav"), "no sound");
    assertTrue(assertThrows(DataException.class, () -> words.opened(8000)).getMessage().contains("broken.wav"));
    assertTrue(assertThrows(DataException.class, () -> WaveAugmentation.named("background:" + folder.resolve("none"))
        .opened(8000)).getMessage().contains("F1: it is a folder of sounds; received nothing of that name."));
    assertTrue(assertThrows(DataException.class, () -> WaveAugmentation.named("background:" + folder.resolve(
        "broken.wav") + ":10").opened(8000)).getMessage().contains("F1: it is a folder of sounds; received a file."));
  }

  @Test void foldersOfSoundsWithBrokenOnesAndNamesAsClasses(@TempDir Path folder, @TempDir Path noise)
      throws IOException {
    for (int i = 0; i < 12; i++) {
      Files.write(folder.resolve(i % 3 + "_ann_" + i + ".wav"), wav(tone(8000, 900, 200 + 100 * (i % 3)), 1, 16, false,
          false));
    }
    Files.write(noise.resolve("hum.wav"), wav(tone(16_000, 4000, 700), 1, 16, false, false));
    Files.writeString(folder.resolve("1_bob_99.wav"), "no sound");
    Files.writeString(folder.resolve("readme.md"), "not a sound by its name");
    SoundData.Opened opened = SoundData.open(folder, Optional.empty(), Optional.empty(), List.of());
    SoundData data = opened.part(Part.TRAIN).orElseThrow();
    assertEquals(List.of("0", "1", "2"), data.classes());
    assertEquals(12, data.size());
    assertEquals("[1_bob_99.wav: S1: it starts as a WAV, AIFF or AU file does; received 'no s' and 4 bytes more]",
        opened.problems().toString());
    SoundData bySpeaker = SoundData.open(folder, Optional.of(Pattern.compile("_([a-z]+)_(\\d+)")), Optional.empty(),
        List.of("ann", "bob")).part(Part.TRAIN).orElseThrow();
    assertEquals(List.of("ann", "bob"), bySpeaker.classes());
    float[] a = new float[data.shape().length()];
    float[] b = new float[a.length];
    data.read(3, a, 0);
    SoundData varied = data.augmented(WaveAugmentation.named("time-shift:0.3"), 5);
    varied.readVaried(3, 1, b, 0);
    assertFalse(Arrays.equals(a, b));
    varied.read(3, b, 0);
    assertArrayEquals(a, b);
    assertEquals("time-shift:0.3, seed 5", varied.variation());
    SoundData noisy = data.augmented(WaveAugmentation.named("background:" + noise + ":0/0"), 5);
    noisy.readVaried(3, 1, a, 0);
    noisy.readVaried(3, 2, b, 0);
    assertFalse(Arrays.equals(a, b), "another part in each epoch");
    noisy.readVaried(3, 1, b, 0);
    assertArrayEquals(a, b);
  }

  @Test void spokenDigitsAreRead() {
    Path digits = Path.of("../../shared/data/spoken-digits");
    Assumptions.assumeTrue(Files.isDirectory(digits), "the spoken digits are not here: " + digits);
    SoundData data = SoundData.open(digits, Optional.empty(), Optional.empty(), List.of()).part(Part.TRAIN)
        .orElseThrow();
    assertEquals(2500, data.size());
    assertEquals(10, data.classes().size());
    assertEquals("7", data.classes().get(7));
    assertEquals(8000, data.preparation().rate());
  }
}
