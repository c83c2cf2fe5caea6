import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites the jars in a directory, so that a JVM which loads them has less to do: {@link Lambdas} that an archive of
 * classes can hold, and the {@code reference.conf} of libraries without comments. The build runs it from its source.
 */
public final class FastStart {
    /** Its reference.conf is the manual of Aeon's settings. */
    private static final String OWN = "aeon.jar";

    private FastStart() {}

    /** @param arguments the directory */
    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            files.filter(file -> file.toString().endsWith(".jar")).forEach(FastStart::rewrite);
        }
    }

    private static void rewrite(Path jar) {
        Path written = jar.resolveSibling(jar.getFileName() + ".part");
        try {
            Map<String, byte[]> changed = changed(jar);
            if (!changed.isEmpty()) {
                write(jar, changed, written);
                Files.move(written, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(jar.toString(), e);
        }
    }

    private static Map<String, byte[]> changed(Path jar) throws IOException {
        Map<String, byte[]> changed = new HashMap<>();
        try (ZipFile in = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                byte[] before = in.getInputStream(entry).readAllBytes();
                byte[] after = rewritten(jar, entry.getName(), before);
                if (after != before) {
                    changed.put(entry.getName(), after);
                }
            }
        }
        return changed;
    }

    private static void write(Path from, Map<String, byte[]> changed, Path to) throws IOException {
        try (ZipFile in = new ZipFile(from.toFile());
                OutputStream file = Files.newOutputStream(to);
                ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(in.entries())) {
                byte[] content = changed.get(entry.getName());
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(content != null ? content : in.getInputStream(entry).readAllBytes());
            }
        }
    }

    private static byte[] rewritten(Path jar, String name, byte[] content) {
        if (name.endsWith(".class")) {
            return Lambdas.archivable(content);
        }
        return name.equals("reference.conf") && !jar.endsWith(OWN) ? withoutComments(content) : content;
    }

    /** Every line keeps its number, because error messages name it. */
    private static byte[] withoutComments(byte[] hocon) {
        return new String(hocon, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .map(line -> line.startsWith("#") || line.startsWith("//") ? "" : line)
                .collect(Collectors.joining("\n", "", "\n"))
                .getBytes(StandardCharsets.UTF_8);
    }
}

/**
 * The JVM archives the class of a lambda only if the lambda cannot be serialized. Those of Scala and of Akka's
 * functional interfaces can, so that each start would generate their classes anew. Nobody serializes them in a broker.
 * Their bootstrap method is {@code altMetafactory} with a flag; here it becomes {@code metafactory} (JVMS 4.7.23). A
 * class that casts to {@code Serializable} may cast a lambda, and is left as it is.
 */
final class Lambdas {
    private static final String SERIALIZABLE = "altMetafactory";
    private static final String PLAIN = "metafactory";
    private static final String PLAIN_TYPE = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
            + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;"
            + "Ljava/lang/invoke/MethodType;)Ljava/lang/invoke/CallSite;";
    private static final int PLAIN_ARGUMENTS = 3;
    private static final int FLAG_SERIALIZABLE = 1;
    private static final int FLAG_BRIDGES = 4;
    private static final int MOST_CONSTANTS = 0xffff;
    private static final String INTERFACE = "java/io/Serializable";
    private static final byte CHECKCAST = (byte) 0xc0;
    /**
     * A method that takes and returns any object: a bridge to it has narrower types, and no interface has that method.
     */
    private static final Pattern ERASED = Pattern.compile("\\((Ljava/lang/Object;)*\\)(Ljava/lang/Object;|V)");

    private final ByteBuffer in;
    private final ConstantPool constants;

    private Lambdas(byte[] classFile) {
        this.in = ByteBuffer.wrap(classFile);
        this.constants = new ConstantPool(in);
    }

    /** Returns the class file with lambdas that can be archived; the same array if it has no others. */
    static byte[] archivable(byte[] classFile) {
        Lambdas lambdas = new Lambdas(classFile);
        int methods = lambdas.constants.hasText(SERIALIZABLE) ? lambdas.bootstrapMethods() : -1;
        return methods < 0 || lambdas.mayCast() ? classFile : lambdas.rewritten(methods);
    }

    /** Whether a method may cast to the interface; other bytes can look like the instruction. */
    private boolean mayCast() {
        int type = constants.classOf(INTERFACE);
        for (int at = constants.end(); type > 0 && at < in.capacity() - 2; at++) {
            if (in.get(at) == CHECKCAST && in.getChar(at + 1) == type) {
                return true;
            }
        }
        return false;
    }

    /** Returns where the content of the attribute BootstrapMethods begins; -1 if there is none. */
    private int bootstrapMethods() {
        int interfaces = constants.end() + 6;
        int at = interfaces + 2 + 2 * in.getChar(interfaces);
        for (int table = 0; table < 2; table++) { // fields, then methods
            int members = in.getChar(at);
            at += 2;
            for (int i = 0; i < members; i++) {
                at = afterAttributes(at + 6);
            }
        }
        int attributes = in.getChar(at);
        at += 2;
        for (int i = 0; i < attributes; i++) {
            if (constants.text(in.getChar(at)).equals("BootstrapMethods")) {
                return at + 6;
            }
            at += 6 + in.getInt(at + 2);
        }
        return -1;
    }

    private int afterAttributes(int table) {
        int at = table + 2;
        for (int left = in.getChar(table); left > 0; left--) {
            at += 6 + in.getInt(at + 2);
        }
        return at;
    }

    private byte[] rewritten(int methods) {
        ByteBuffer table = ByteBuffer.allocate(in.capacity());
        int count = in.getChar(methods);
        table.putChar((char) count);
        int factory = 0;
        int at = methods + 2;
        for (int i = 0; i < count; i++) {
            int arguments = in.getChar(at + 2);
            if (isOnlySerializable(at)) {
                factory = constants.ownerOf(in.getChar(at));
                table.putChar((char) (constants.count() + ConstantPool.ADDED - 1));
                table.putChar((char) PLAIN_ARGUMENTS).put(in.slice(at + 4, 2 * PLAIN_ARGUMENTS));
            } else {
                table.put(in.slice(at, 4 + 2 * arguments));
            }
            at += 4 + 2 * arguments;
        }
        return factory == 0 ? in.array() : assembled(methods, table.flip(), at, factory);
    }

    /** Whether a bootstrap method makes lambdas that differ from plain ones only in that they can be serialized. */
    private boolean isOnlySerializable(int method) {
        if (!constants.nameOf(in.getChar(method)).equals(SERIALIZABLE)) {
            return false;
        }
        int first = method + 4;
        int flags = constants.number(in.getChar(first + 2 * PLAIN_ARGUMENTS));
        boolean bridged = (flags & FLAG_BRIDGES) != 0 && constants.number(in.getChar(first + 2 * PLAIN_ARGUMENTS + 2)) > 0;
        return (flags & ~(FLAG_SERIALIZABLE | FLAG_BRIDGES)) == 0
                && (!bridged || ERASED.matcher(constants.methodType(in.getChar(first))).matches());
    }

    private byte[] assembled(int methods, ByteBuffer table, int rest, int factory) {
        byte[] file = in.array();
        if (constants.count() + ConstantPool.ADDED > MOST_CONSTANTS) {
            return file;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.length + 512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(file, 0, 8);
            out.writeShort(constants.count() + ConstantPool.ADDED);
            out.write(file, 10, constants.end() - 10);
            constants.add(factory, PLAIN, PLAIN_TYPE, out);
            out.write(file, constants.end(), methods - 4 - constants.end());
            out.writeInt(table.limit());
            out.write(table.array(), 0, table.limit());
            out.write(file, rest, file.length - rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}

/** The constants of a class file (JVMS 4.4). */
final class ConstantPool {
    /** Number of constants that {@link #add} writes; the last one is the method handle. */
    static final int ADDED = 5;

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int METHOD = 10;
    private static final int NAME_AND_TYPE = 12;
    private static final int METHOD_HANDLE = 15;
    private static final int INVOKE_STATIC = 6;

    private final ByteBuffer in;
    private final int[] offsets;
    private final int end;

    ConstantPool(ByteBuffer in) {
        this.in = in;
        this.offsets = new int[in.getChar(8)];
        int at = 10;
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = at;
            int tag = in.get(at);
            at += size(at, tag);
            if (tag == LONG || tag == DOUBLE) {
                i++;
            }
        }
        this.end = at;
    }

    private int size(int at, int tag) {
        return switch (tag) {
            case UTF8 -> 3 + in.getChar(at + 1);
            case LONG, DOUBLE -> 9;
            case CLASS, 8, 16, 19, 20 -> 3; // string, method type, module, package
            case METHOD_HANDLE -> 4;
            default -> 5;
        };
    }

    int count() {
        return offsets.length;
    }

    /** Offset in the file. */
    int end() {
        return end;
    }

    boolean hasText(String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        for (int offset : offsets) {
            if (offset > 0
                    && in.get(offset) == UTF8
                    && in.getChar(offset + 1) == wanted.length
                    && in.slice(offset + 3, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return true;
            }
        }
        return false;
    }

    /** The constant of that class; 0 if there is none. */
    int classOf(String name) {
        for (int i = 1; i < offsets.length; i++) {
            if (offsets[i] > 0 && in.get(offsets[i]) == CLASS && text(reference(i, 1)).equals(name)) {
                return i;
            }
        }
        return 0;
    }

    /** Only for ASCII. */
    String text(int index) {
        int offset = offsets[index];
        return new String(in.array(), offset + 3, in.getChar(offset + 1), StandardCharsets.US_ASCII);
    }

    int number(int index) {
        return in.getInt(offsets[index] + 1);
    }

    String methodType(int index) {
        return text(reference(index, 1));
    }

    /** The name of the method of a method handle. */
    String nameOf(int handle) {
        return text(reference(reference(reference(handle, 2), 3), 1));
    }

    /** The class of the method of a method handle. */
    int ownerOf(int handle) {
        return reference(reference(handle, 2), 1);
    }

    private int reference(int index, int position) {
        return in.getChar(offsets[index] + position);
    }

    /** Writes a handle of a static method of the class {@code owner}, and what it refers to. */
    void add(int owner, String name, String type, DataOutputStream out) throws IOException {
        int first = count();
        out.writeByte(UTF8);
        out.writeUTF(name);
        out.writeByte(UTF8);
        out.writeUTF(type);
        out.writeByte(NAME_AND_TYPE);
        out.writeShort(first);
        out.writeShort(first + 1);
        out.writeByte(METHOD);
        out.writeShort(owner);
        out.writeShort(first + 2);
        out.writeByte(METHOD_HANDLE);
        out.writeByte(INVOKE_STATIC);
        out.writeShort(first + 3);
    }
}
