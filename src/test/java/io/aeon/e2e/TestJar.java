package io.aeon.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The jar of the test dependency, made of the tests' class path in the layout of {@code test-jar.xml}. */
final class TestJar {
    private static final String BELOW = "META-INF/aeon/";
    private static final String FACE = "io/aeon/test/";
    private static final String SHARED = "io/aeon/control/";
    private static final String INSIDE = "io/aeon/test/inside/";
    private static final String SERVICES = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";
    /** Jars that only tests need. */
    private static final Pattern OF_TESTS = Pattern.compile(
            "(junit|jazzer|archunit|assertj|awaitility|byte-buddy|hamcrest|logback|spring|.*testkit).*");

    private TestJar() {}

    static Path write(Path jar) throws IOException, URISyntaxException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry(BELOW + SERVICES));
            zip.write(Files.readAllBytes(Path.of("src/main/test-jar").resolve(SERVICES)));
            for (URL url : ClassPath.roots()) {
                Path root = Path.of(url.toURI());
                if (Files.exists(root.resolve("io/aeon/embedded/Aeon.class"))) {
                    addClasses(root, zip);
                } else if (Files.isRegularFile(root)
                        && !OF_TESTS.matcher(root.getFileName().toString()).matches()) {
                    addStored(zip, root.getFileName().toString(), Files.readAllBytes(root));
                }
            }
        }
        return jar;
    }

    private static void addClasses(Path root, ZipOutputStream zip) throws IOException {
        copy(root, zip, "", name -> name.startsWith(SHARED) || (name.startsWith(FACE) && !name.startsWith(INSIDE)));
        copy(root, zip, BELOW, name -> name.startsWith(INSIDE));
        ByteArrayOutputStream broker = new ByteArrayOutputStream();
        try (ZipOutputStream nested = new ZipOutputStream(broker)) {
            copy(root, nested, "", name -> !name.startsWith(FACE));
        }
        addStored(zip, "aeon.jar", broker.toByteArray());
    }

    private static void copy(Path root, ZipOutputStream zip, String below, Predicate<String> wanted)
            throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = root.relativize(file).toString();
            if (wanted.test(name)) {
                zip.putNextEntry(new ZipEntry(below + name));
                zip.write(Files.readAllBytes(file));
            }
        }
    }

    private static void addStored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(BELOW + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
    }
}
