package io.aeon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import io.aeon.SourceSizes.Declaration;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a reviewer would otherwise have to look for. */
class HouseRulesTest {
    private static final int LONGEST_CLASS = 300;
    private static final int LONGEST_METHOD = 40;
    private static final String VAGUE_NAME = ".*(Impl|Manager|Utils?|Helper|Processor)";
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.aeon");
    private static final JavaClasses TESTS =
            new ClassFileImporter().withImportOption(new OnlyIncludeTests()).importPackages("io.aeon");

    @Test
    void classesAndMethodsCanBeReadAtOnce() {
        List<Declaration> tooLong = SourceSizes.under(Path.of("src/main/java")).stream()
                .filter(each -> each.lines() > (each.isClass() ? LONGEST_CLASS : LONGEST_METHOD))
                .toList();

        assertThat(tooLong).isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses().should().haveNameMatching(VAGUE_NAME).check(MAIN);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.aeon.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(MAIN);
    }

    @Test
    void nobodySleepsAndNoTestIsSkipped() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(MAIN);
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(TESTS);
        noClasses()
                .that()
                .doNotBelongToAnyOf(HouseRulesTest.class)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Disabled.class, Assumptions.class)
                .check(TESTS);
    }

    @Test
    void nothingIsLeftUnfinished() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContainPattern(UNFINISHED));
        }
    }

    @Test
    void everySettingIsExplained() {
        ConfigObject reference = ConfigFactory.parseFile(
                        Path.of("src/main/resources/reference.conf").toFile(),
                        ConfigParseOptions.defaults().setAllowMissing(false))
                .getObject("aeon");

        assertThat(unexplained("aeon", reference)).isEmpty();
    }

    @Test
    void theSettingsFileOfTheDistributionChangesNothing() {
        AeonSettings shipped = AeonSettings.load(
                SettingsSources.ofProcess(Path.of("conf/aeon.conf"), Map.of(), new Properties(), Map.of()));
        AeonSettings defaults = AeonSettings.load(SettingsSources.given(Map.of()));

        assertThat(shipped).isEqualTo(defaults);
    }

    @Test
    void whatIsLoggedReachesLogback() {
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(LoggerContext.class);
    }

    private static List<String> unexplained(String path, ConfigObject block) {
        List<String> found = new ArrayList<>();
        block.forEach((key, value) -> {
            if (value instanceof ConfigObject inner && !inner.isEmpty()) {
                found.addAll(unexplained(path + "." + key, inner));
            } else if (value.origin().comments().isEmpty()) {
                found.add(path + "." + key);
            }
        });
        return found;
    }
}
