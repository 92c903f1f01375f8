package juanji.cli;

import juanji.plan.Target;
import picocli.CommandLine.IVersionProvider;

/// The version of the program and what it runs on.
final class Version implements IVersionProvider {
  /// Made by picocli.
  Version() {
  }

  /// The version of this program; "development" where its module has none, as on the class path.
  static String number() {
    var module = Version.class.getModule().getDescriptor();
    return module == null ? "development" : module.rawVersion().orElse("development");
  }

  @Override public String[] getVersion() {
    return new String[] {"juanji " + number(),
        "Java     " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
        "kernels  " + Target.best(),
        "threads  " + Runtime.getRuntime().availableProcessors()};
  }
}
