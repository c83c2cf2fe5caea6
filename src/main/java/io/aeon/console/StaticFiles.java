package io.aeon.console;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the console as they are in the jar: {@code /} and everything below {@code /page/}. */
final class StaticFiles implements Resource {
    static final String FOLDER = "/page/";

    private static final Pattern PATH = Pattern.compile("/page/((?:[a-z-]+/)?[a-z-]+\\.(html|css|js|svg))");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Runnable onFirstPage;

    /** @param onFirstPage called when a browser loads the page, whose scripts will soon ask for more */
    StaticFiles(Runnable onFirstPage) {
        this.onFirstPage = onFirstPage;
    }

    @Override
    public HttpAnswer answer(HttpQuery query) throws IOException {
        if (query.path().equals("/")) {
            onFirstPage.run();
            return file("index.html", "html");
        }
        Matcher path = PATH.matcher(query.path());
        return path.matches() ? file(path.group(1), path.group(2)) : missing(query.path());
    }

    private static HttpAnswer missing(String path) {
        return HttpAnswer.text(404, "there is no file " + path + "\n");
    }

    private static HttpAnswer file(String name, String extension) throws IOException {
        try (InputStream in = StaticFiles.class.getResourceAsStream("page/" + name)) {
            return in == null
                    ? missing(name)
                    : HttpAnswer.bytes(200, TYPES.getOrDefault(extension, ""), in.readAllBytes());
        }
    }
}
