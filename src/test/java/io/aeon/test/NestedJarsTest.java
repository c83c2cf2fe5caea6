package io.aeon.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestedJarsTest {
    private static final String BELOW = "META-INF/aeon/";

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream jar = new ZipOutputStream(bytes);

    @Test
    void filesAreFoundInTheNestedJarsAndBesideThem() throws IOException {
        deflated(jar, "outside", "not for the broker");
        deflated(jar, BELOW + "beside", "beside");
        stored(BELOW + "a.jar", archive("", "a/One", "both"));
        stored(BELOW + "b.jar", archive("with a comment", "b/Two", "both"));

        NestedJars jars = NestedJars.of(written());

        assertThat(contents(jars, "beside")).containsExactly("beside");
        assertThat(contents(jars, "a/One")).containsExactly("content of a/One");
        assertThat(contents(jars, "b/Two")).containsExactly("content of b/Two");
        assertThat(contents(jars, "both")).containsExactly("content of both", "content of both");
        assertThat(jars.find("outside")).isEmpty();
        assertThat(jars.find("a.jar")).isEmpty();
    }

    @Test
    void anEmptyFileIsEmpty() throws IOException {
        deflated(jar, BELOW + "empty", "");

        assertThat(contents(NestedJars.of(written()), "empty")).containsExactly("");
    }

    @Test
    void anotherJarHasNoFiles() throws IOException {
        deflated(jar, "some/Thing.class", "content");

        assertThat(NestedJars.of(written()).find("some/Thing.class")).isEmpty();
    }

    @Test
    void aNestedJarThatIsCompressedOnceMoreIsRefused() throws IOException {
        deflated(jar, BELOW + "a.jar", "anything");
        Path file = written();

        assertThatThrownBy(() -> NestedJars.of(file))
                .isInstanceOf(ZipException.class)
                .hasMessage("a nested archive is compressed once more");
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "no archive, but longer than the end record of one");

        assertThatThrownBy(() -> NestedJars.of(file))
                .isInstanceOf(ZipException.class)
                .hasMessage("not a zip archive");
    }

    @Test
    void aNestedFileThatIsNoArchiveIsRefused() throws IOException {
        stored(BELOW + "a.jar", "not an archive, but longer than the end record of one".getBytes(UTF_8));
        Path file = written();

        assertThatThrownBy(() -> NestedJars.of(file))
                .isInstanceOf(ZipException.class)
                .hasMessage("not a zip archive");
    }

    private Path written() throws IOException {
        jar.close();
        return Files.write(dir.resolve("jar"), bytes.toByteArray());
    }

    private void stored(String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        jar.putNextEntry(entry);
        jar.write(content);
    }

    private static void deflated(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(UTF_8));
    }

    private static byte[] archive(String comment, String... names) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.setComment(comment);
            zip.putNextEntry(new ZipEntry("directory/"));
            for (String name : names) {
                deflated(zip, name, "content of " + name);
            }
        }
        return archive.toByteArray();
    }

    private static List<String> contents(NestedJars jars, String name) throws IOException {
        List<String> all = new ArrayList<>();
        for (NestedFile file : jars.find(name)) {
            all.add(new String(file.content(), UTF_8));
        }
        return all;
    }
}
