package juanji.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import juanji.json.Json;

/// A headless Chromium, told what to do by its DevTools protocol.
final class Browser implements AutoCloseable {
  private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome",
      "google-chrome-stable");
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
  private static final int PATIENCE_SECONDS = 120;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<Json> messages;
  private final List<Json> events = new ArrayList<>();
  private String session = "";
  private int sent;

  /// What a page looked like and did.
  ///
  /// @param png the whole page
  /// @param width of the page's content, in pixels
  /// @param outside elements that reach beyond the right edge and cannot be scrolled to
  /// @param requests the addresses that it asked for
  /// @param complaints what it wrote to the console
  record Seen(byte[] png, int width, String outside, List<String> requests, List<String> complaints) {
  }

  private Browser(Process process, WebSocket socket, BlockingQueue<Json> messages) {
    this.process = process;
    this.socket = socket;
    this.messages = messages;
  }

  /// The program, if there is one on the path.
  static Optional<Path> program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(p -> !p.isEmpty()).flatMap(p -> NAMES.stream().map(n -> Path.of(p, n))).filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts it with a profile of its own.
  static Browser start(Path program, Path profile) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(program.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
        "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--no-first-run",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0", "--user-data-dir=" + profile,
        "about:blank").redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String address = address(err);
    Thread.ofVirtual().start(() -> silence(err));
    if (address.isEmpty()) {
      throw new IOException("Chromium does not say where it listens");
    }
    BlockingQueue<Json> messages = new LinkedBlockingQueue<>();
    WebSocket socket = HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(Duration.ofSeconds(60))
        .buildAsync(URI.create(address), new Listener(messages)).join();
    Browser browser = new Browser(process, socket, messages);
    String target = text(browser.call("Target.createTarget", Map.of("url", Json.of("about:blank"))), "targetId");
    browser.session = text(browser.call("Target.attachToTarget", Map.of("targetId", Json.of(target), "flatten",
        Json.of(true))), "sessionId");
    for (String domain : List.of("Page", "Network", "Runtime", "Log")) {
      browser.call(domain + ".enable", Map.of());
    }
    return browser;
  }

  /// Where it listens, by what it writes; empty if it ends without saying so.
  private static String address(BufferedReader err) throws IOException {
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    return "";
  }

  /// Reads what it writes from then on, so that it never waits for a reader.
  private static void silence(BufferedReader err) {
    try {
      while (err.readLine() != null) {
        continue;
      }
    } catch (IOException e) {
      // It was ended.
      return;
    }
  }

  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<Json> messages;
    private final StringBuilder part = new StringBuilder();

    Listener(BlockingQueue<Json> messages) {
      this.messages = messages;
    }

    @Override public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        messages.add(Json.parse(part.toString()));
        part.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private static Map<String, Json> members(Json json) {
    return json instanceof Json.Members m ? m.members() : Map.of();
  }

  private static String text(Json json, String... path) {
    Json at = json;
    for (String name : path) {
      at = members(at).getOrDefault(name, new Json.Null());
    }
    return at instanceof Json.Text t ? t.text() : at.toString();
  }

  /// Calls a method and waits for its answer; events that come before it are kept.
  private Json call(String method, Map<String, Json> parameters) throws InterruptedException, IOException {
    Map<String, Json> message = new LinkedHashMap<>();
    int id = ++sent;
    message.put("id", Json.of(id));
    message.put("method", Json.of(method));
    message.put("params", Json.of(parameters));
    if (!session.isEmpty()) {
      message.put("sessionId", Json.of(session));
    }
    socket.sendText(Json.of(message).toString(), true).join();
    while (true) {
      Json answer = next();
      if (text(answer, "id").equals(Integer.toString(id))) {
        if (members(answer).containsKey("error")) {
          throw new IOException(method + ": " + members(answer).get("error"));
        }
        return members(answer).get("result");
      }
      events.add(answer);
    }
  }

  private Json next() throws InterruptedException, IOException {
    Json message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new IOException("Chromium does not answer");
    }
    return message;
  }

  /// Opens a page in a window of a width, on light or dark ground.
  Seen open(Path page, int width, boolean dark) throws InterruptedException, IOException {
    events.clear();
    call("Emulation.setDeviceMetricsOverride", Map.of("width", Json.of(width), "height", Json.of(900),
        "deviceScaleFactor", Json.of(1), "mobile", Json.of(width < 600)));
    call("Emulation.setEmulatedMedia", Map.of("features", Json.of(List.of(Json.of(Map.of("name",
        Json.of("prefers-color-scheme"), "value", Json.of(dark ? "dark" : "light")))))));
    call("Page.navigate", Map.of("url", Json.of(page.toUri().toString())));
    while (events.stream().noneMatch(e -> text(e, "method").equals("Page.loadEventFired"))) {
      events.add(next());
    }
    int content = Integer.parseInt(evaluate("document.documentElement.scrollWidth"));
    String outside = evaluate("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > "
        + "innerWidth + 1 && !e.closest('.scroll')).map(e => e.tagName + ' ' + e.textContent.slice(0, 40)).join('; ')");
    String png = text(call("Page.captureScreenshot", Map.of("format", Json.of("png"), "captureBeyondViewport",
        Json.of(true), "clip", Json.of(Map.of("x", Json.of(0), "y", Json.of(0), "width", Json.of(width), "height",
            Json.of(Math.min(9000, Integer.parseInt(evaluate("document.documentElement.scrollHeight")))), "scale",
            Json.of(1))))), "data");
    return new Seen(Base64.getDecoder().decode(png), content, outside, events.stream()
        .filter(e -> text(e, "method").equals("Network.requestWillBeSent"))
        .map(e -> text(e, "params", "request", "url")).toList(), events.stream().filter(Browser::complains)
        .map(Json::toString).toList());
  }

  private static boolean complains(Json event) {
    return switch (text(event, "method")) {
      case "Runtime.exceptionThrown", "Log.entryAdded", "Network.loadingFailed" -> true;
      case "Runtime.consoleAPICalled" -> List.of("error", "warning", "assert").contains(text(event, "params", "type"));
      default -> false;
    };
  }

  private String evaluate(String expression) throws InterruptedException, IOException {
    return text(call("Runtime.evaluate", Map.of("expression", Json.of("String(" + expression + ")"))), "result",
        "value");
  }

  @Override public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
