package io.aeon;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** How many lines each class and each method of a source tree takes, its Javadoc left out. */
final class SourceSizes {
    /** A class or a method. */
    record Declaration(String name, boolean isClass, long lines) {}

    private SourceSizes() {}

    static List<Declaration> under(Path sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.walk(sources);
                StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(java));
            Scanner scanner = new Scanner(Trees.instance(task).getSourcePositions());
            for (CompilationUnitTree file : task.parse()) {
                scanner.scan(file, file);
            }
            return scanner.found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Scanner extends TreeScanner<@Nullable Void, CompilationUnitTree> {
        private final List<Declaration> found = new ArrayList<>();
        private final SourcePositions positions;

        private Scanner(SourcePositions positions) {
            this.positions = positions;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, CompilationUnitTree file) {
            found.add(new Declaration(name(file, type.getSimpleName()), true, lines(file, type)));
            return super.visitClass(type, file);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, CompilationUnitTree file) {
            found.add(new Declaration(name(file, method.getName()), false, lines(file, method)));
            return super.visitMethod(method, file);
        }

        private static String name(CompilationUnitTree file, CharSequence name) {
            return Path.of(file.getSourceFile().getName()).getFileName() + " " + name;
        }

        private long lines(CompilationUnitTree file, Tree tree) {
            long first = file.getLineMap().getLineNumber(positions.getStartPosition(file, tree));
            long last = file.getLineMap().getLineNumber(positions.getEndPosition(file, tree));
            return last - first + 1;
        }
    }
}
