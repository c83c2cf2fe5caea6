package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program of the build that rewrites the distribution's jars, run on a jar of classes with lambdas of all kinds.
 */
class FastStartTest {
    private static final Path PROGRAM = Path.of("src/build/FastStart.java");

    private static final String TYPES = """
            package sample;
            interface Fun<A, B> extends java.io.Serializable { B apply(A a) throws Exception; }
            interface Op extends java.io.Serializable { long apply(int a, long b, double c); }
            interface Narrow extends java.util.function.Function<Object, Object>, java.io.Serializable {
                String apply(Object o);
            }
            interface Marker {}
            """;

    /** Lambdas without a trace in the result that they can be serialized. */
    private static final String PLAIN = """
            package sample;
            import java.util.*;
            import java.util.function.*;
            public class Plain implements Supplier<List<Object>>, java.io.Serializable {
                private final String field = "field";
                private static final long LARGE = 0x1234567890abcdefL;
                private static String ofClass(Object o) { return "class " + o; }
                private String ofObject(Object o) { return field + o + LARGE; }
                public List<Object> get() {
                    try {
                        int i = "abc".length();
                        long l = LARGE;
                        double d = i / 7.0;
                        List<Object> captured = new ArrayList<>(List.of("x"));
                        Fun<Object, Object> none = o -> o + "!";
                        Fun<Object, Object> all = o -> field + i + l + d + captured + o;
                        Fun<Object, String> ofClass = Plain::ofClass;
                        Fun<Object, String> bound = this::ofObject;
                        Fun<Object, Integer> unbound = Object::hashCode;
                        Fun<List<Object>, List<Object>> made = ArrayList::new;
                        Fun<Object, Fun<Object, String>> nested = a -> b -> a + "/" + b + field;
                        Op op = (a, b, c) -> a + b * (long) c + l;
                        Function<String, String> ordinary = s -> s + i;
                        Runnable effect = () -> captured.add("ran");
                        effect.run();
                        return List.of(none.apply("a"), all.apply("b"), ofClass.apply(1), bound.apply(2),
                                unbound.apply("h"), made.apply(captured), nested.apply("p").apply("q"),
                                op.apply(1, 2, 3), ordinary.apply("o"));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
            """;

    /** Lambdas that are more than one interface, which a plain one is not. */
    private static final String SEVERAL = """
            package sample;
            import java.util.*;
            import java.util.function.*;
            public class Several implements Supplier<List<Object>> {
                public List<Object> get() {
                    Supplier<String> cast = (Supplier<String> & java.io.Serializable) () -> "cast";
                    Supplier<String> marked = (Supplier<String> & Marker) () -> "marked";
                    Narrow narrow = o -> "narrow " + o;
                    Function<Object, Object> bridged = narrow;
                    return List.of(cast.get(), cast instanceof java.io.Serializable, marked.get(),
                            marked instanceof Marker, narrow.apply(1), bridged.apply(2));
                }
            }
            """;

    private static final String CONF =
            "# of a library\nakka { // on the line\n    # indented\n  loglevel = \"INFO\"\n}\n";

    @TempDir
    private Path dir;

    private Path before;
    private Path jar;
    private Path own;

    @BeforeEach
    void rewrite() throws Exception {
        Path sources = Files.createDirectories(dir.resolve("sources/sample"));
        List<Path> files =
                List.of(sources.resolve("Types.java"), sources.resolve("Plain.java"), sources.resolve("Several.java"));
        Files.writeString(files.get(0), TYPES);
        Files.writeString(files.get(1), PLAIN);
        Files.writeString(files.get(2), SEVERAL);
        before = dir.resolve("before");
        compile(before, files);
        Files.writeString(before.resolve("reference.conf"), CONF);

        Path lib = Files.createDirectories(dir.resolve("lib"));
        jar = lib.resolve("library.jar");
        own = lib.resolve("aeon.jar");
        pack(jar);
        pack(own);
        Path program = dir.resolve("program");
        compile(program, List.of(PROGRAM));
        try (URLClassLoader loader = loader(program)) {
            loader.loadClass("FastStart").getMethod("main", String[].class).invoke(null, (Object)
                    new String[] {lib.toString()});
        }
    }

    @Test
    void theLambdasOfARewrittenClassDoTheSame() throws Exception {
        assertThat(entry("sample/Plain.class")).isNotEqualTo(Files.readAllBytes(before.resolve("sample/Plain.class")));

        assertThat(result(jar, "sample.Plain"))
                .hasSize(9)
                .hasToString(result(before, "sample.Plain").toString());
    }

    @Test
    void aLambdaThatIsMoreThanOneInterfaceStaysSo() throws Exception {
        assertThat(result(jar, "sample.Several")).isEqualTo(result(before, "sample.Several"));
    }

    @Test
    void settingsOfLibrariesKeepTheirLines() throws Exception {
        assertThat(new String(entry("reference.conf"), StandardCharsets.UTF_8))
                .isEqualTo("\nakka { // on the line\n\nloglevel = \"INFO\"\n}\n");
        jar = own;
        assertThat(new String(entry("reference.conf"), StandardCharsets.UTF_8)).isEqualTo(CONF);
    }

    private static void compile(Path to, List<Path> files) throws IOException {
        Files.createDirectories(to);
        Stream<String> options = Stream.of("--release", "17", "-proc:none", "-nowarn", "-d", to.toString());
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        Stream.concat(options, files.stream().map(Path::toString))
                                .toArray(String[]::new));
        assertThat(result).isZero();
    }

    private void pack(Path to) throws IOException {
        try (OutputStream file = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> files = Files.walk(before)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(before.relativize(each).toString()));
                zip.write(Files.readAllBytes(each));
            }
        }
    }

    private byte[] entry(String name) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    private static URLClassLoader loader(Path classes) throws IOException {
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static List<?> result(Path classes, String name) throws Exception {
        try (URLClassLoader loader = loader(classes)) {
            Supplier<?> sample = (Supplier<?>)
                    loader.loadClass(name).getDeclaredConstructor().newInstance();
            return (List<?>) sample.get();
        }
    }
}
