package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Golden tests of what is said when something is wrong, and of exit codes.
class MessagesTest {
  @TempDir private Path folder;

  static List<Arguments> wrongUses() {
    return List.of(
        Arguments.of("--verzion", "Unknown option: '--verzion'\nPossible solutions: --version\n"
            + "  Try 'juanji --help'.\n"),
        Arguments.of("trainn", "Unmatched argument at index 0: 'trainn'\nDid you mean: juanji train or juanji explain "
            + "or juanji index?\n  Try 'juanji --help'.\n"),
        Arguments.of("train", "Missing required parameter: 'DATA'\n  Try 'juanji train --help'.\n"),
        Arguments.of("train --resume", "--resume needs --out DIR: the run to go on with.\n"
            + "  Try 'juanji train --help'.\n"),
        Arguments.of("train digits --epochs x", "Invalid value for option '--epochs': 'x' is not an int\n"
            + "  Try 'juanji train --help'.\n"),
        Arguments.of("train digits --optimizer sgdd", "there is no optimizer 'sgdd'.\n"
            + "  --optimizer is one of sgd, adam, adamw, rmsprop, adagrad, adadelta, lars, lamb; received "
            + "'sgdd'.\n  The default is sgd.\n"),
        Arguments.of("train digits --loss hing", "there is no loss 'hing'.\n"
            + "  --loss is one of cross-entropy, binary, focal, mse, mae, huber, hinge, kl; received 'hing'.\n"
            + "  The default is cross-entropy.\n"),
        Arguments.of("train digits --schedule linear", "there is no schedule 'linear'.\n"
            + "  --schedule is one of constant, cosine, step, multi-step, exponential, polynomial, "
            + "cosine-restarts, one-cycle, plateau; received 'linear'.\n  The default is cosine.\n"),
        Arguments.of("train digits --loss focal:gamma=-1", "focal loss of -1.0, 0.25 does not exist.\n"
            + "  C3: gamma is at least 0, and alpha between 0 and 1; received -1.0, 0.25.\n"
            + "  Use a gamma of 2 and an alpha of 0.25.\n"),
        Arguments.of("train digits --lr -1", "SGD cannot use a learning rate of -1.0 and a weight decay of 0.0.\n"
            + "  C1: both are numbers of 0 or more.\n"
            + "  Use a learning rate from 0 to 1, such as 0.01, and a weight decay from 0 to 0.001.\n"),
        Arguments.of("train digits --lr NaN", "a training cannot use --lr NaN.\n"
            + "  --lr is a finite number; received NaN.\n  Leave it out to use the default.\n"),
        Arguments.of("train digits --epochs 0", "a training cannot use --epochs 0.\n"
            + "  --epochs is from 1 to 100,000; received 0.\n  The default is 5.\n"),
        Arguments.of("train digits --validation 0.95", "a training cannot keep 0.95 of its data for validation.\n"
            + "  --validation is a part of the whole, from 0 to below 0.9; received 0.95.\n"
            + "  Use 0.1, or 0 to choose no best epoch.\n"),
        Arguments.of("train digits --optimizer adam --nesterov", "adam cannot take --nesterov.\n"
            + "  Only sgd has a momentum of its own choice; adam has its own moments.\n"
            + "  Leave the option out, or use --optimizer sgd.\n"),
        Arguments.of("train digits --size 32x32", "the pictures of 'digits' cannot be given another size or colour.\n"
            + "  --size, --grey and --colour are for folders of pictures or videos; received one of them with other "
            + "data.\n  Leave them out.\n"),
        Arguments.of("train digits --size big", "pictures cannot be brought to 'big'.\n"
            + "  --size is height x width in pixels; received 'big'.\n  Write it as in --size 64x64.\n"),
        Arguments.of("train digits --grey --colour", "--grey and --colour exclude each other.\n"
            + "  Try 'juanji train --help'.\n"),
        Arguments.of("train digits --model conv(3)", "the architecture cannot be read at line 1, column 7.\n"
            + "  C3: conv takes 2 to 4 whole numbers; received (3).\n  Give it 2 to 4 whole numbers.\n"),
        Arguments.of("summary lenet5 --input 1x5x5", "conv 'conv2' cannot take its input.\n"
            + "  C5: the window spans 5 cells along spatial axis 0, but the input N × 6 × 2 × 2 has only 2 there, "
            + "padding included.\n  Use a kernel of at most 2 there, more padding, or a larger input.\n"),
        Arguments.of("summary lenet5 --input big", "a network cannot take 'big'.\n"
            + "  --input is channels x height x width; received 'big'.\n  Write it as in --input 3x64x64.\n"),
        Arguments.of("plan lenet5 --batch 0", "a batch of 0 samples cannot be planned.\n"
            + "  --batch is at least 1; received 0.\n  Use 1 or more.\n"));
  }

  @ParameterizedTest
  @MethodSource("wrongUses")
  void wrongUseIsExplainedAndEndsWith2(String line, String message) {
    Cli.Outcome outcome = Cli.run((Object[]) line.split(" "));
    assertEquals(message, outcome.err());
    assertEquals("", outcome.out());
    assertEquals(2, outcome.code());
  }

  @Test void missingDataIsNamed() {
    Cli.Outcome outcome = Cli.run("train", "nowhere");
    assertEquals("there is no data 'nowhere'.\n"
        + "  DATA is 'digits', a folder of IDX files such as MNIST, a folder (or a zip of one) with a sub-folder of "
        + "pictures per class, texts, sounds or videos; received 'nowhere', which does not exist.\n"
        + "  Check the path; 'digits' needs no files at all.\n", outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test void missingModelIsNamed() {
    Cli.Outcome outcome = Cli.run("train", "digits", "--model", "lenet6");
    assertEquals("there is no model 'lenet6'.\n  A model is the name of a network (juanji zoo list has them all), "
        + "a model file, or layers such as "
        + "\"conv(8, 3).same(), relu(), maxPool(2), flatten(), dense(10)\"; received 'lenet6', which is no file.\n"
        + "  Check the name or the path.\n", outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test void emptyFolderIsNoData() {
    Cli.Outcome outcome = Cli.run("train", folder);
    assertTrue(outcome.err().startsWith("'" + folder + "' has no class folders.\n"), outcome.err());
    assertEquals(3, outcome.err().lines().count(), outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test void halfAnIdxFolderSaysWhatIsMissing() throws IOException {
    Cli.idx(folder, 20, 10);
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
    Cli.Outcome outcome = Cli.run("train", folder);
    assertTrue(outcome.err().startsWith("'" + folder + "' has no file 'train-labels-idx1-ubyte'.\n"), outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test void brokenModelFileIsRefusedWithoutATrace() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.juanji"), "this is no model, however long it may be");
    for (String command : new String[] {"evaluate", "predict"}) {
      Cli.Outcome outcome = Cli.run(command, file, "digits");
      assertTrue(outcome.err().startsWith("the file '" + file + "' cannot be read.\n"), outcome.err());
      assertEquals(3, outcome.err().lines().count(), outcome.err());
      assertFalse(outcome.err().contains("\tat "), outcome.err());
      assertEquals(1, outcome.code());
    }
    assertTrue(Cli.run("evaluate", file, "digits", "--stack-trace").err().contains("\tat juanji.cli."));
  }

  @Test void folderWithContentIsNotWrittenTo() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "precious");
    Cli.Outcome outcome = Cli.run("train", "digits", "--out", folder);
    assertEquals("a new run cannot write to '" + folder + "'.\n"
        + "  --out is a folder that is empty or does not exist yet; received one with content.\n"
        + "  Go on with its run by --resume, or give another folder.\n", outcome.err());
    assertEquals(2, outcome.code());
    assertEquals("precious", Files.readString(folder.resolve("mine.txt")));
  }

  @Test void folderWithoutARunCannotBeResumed() {
    Cli.Outcome outcome = Cli.run("train", "--resume", "--out", folder);
    assertEquals("there is no run in '" + folder + "' to go on with.\n"
        + "  A run has a file config.json; received a folder without it.\n"
        + "  Check the path, or leave out --resume to begin a run there.\n", outcome.err());
    assertEquals(1, outcome.code());
  }

  @Test void failingRunsLeaveNoFolder() {
    Path out = folder.resolve("run");
    assertEquals(1, Cli.run("train", "digits", "--model", "conv(2, 3), flatten(), dense(7)", "--out", out).code());
    assertFalse(Files.exists(out), "a folder was made");
  }
}
