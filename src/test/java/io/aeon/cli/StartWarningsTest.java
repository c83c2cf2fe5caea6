package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.cli.StartWarnings.Resources;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartWarningsTest {
    private static final long GIB = 1L << 30;
    private static final Resources ENOUGH = new Resources(8 * GIB, GIB / 2, 65_536, 65_530, on("ext4"));

    @Test
    void aStartWithTheDefaultsWarnsOfNothing() {
        assertThat(StartWarnings.of(settings(Map.of()), ENOUGH)).isEmpty();
    }

    @Test
    void aHeapThatLeavesNoMemoryIsNamedWithASmallerOne() {
        assertThat(StartWarnings.of(settings(Map.of()), new Resources(GIB, GIB, 65_536, 65_530, on("ext4"))))
                .singleElement()
                .asString()
                .contains("three quarters of the memory", "-Xmx512m");
    }

    @Test
    void lowLimitsOfTheMachineAreNamedWithTheCommandThatRaisesThem() {
        assertThat(StartWarnings.of(settings(Map.of()), new Resources(0, GIB, 1024, 1000, on("xfs"))))
                .satisfiesExactly(
                        descriptors -> assertThat(descriptors).contains("1024 file descriptors", "ulimit -n"),
                        maps -> assertThat(maps).contains("1000", "sysctl -w vm.max_map_count=65530"));
    }

    @Test
    void aFileSystemThatKeepsNothingIsNamed() {
        assertThat(StartWarnings.of(settings(Map.of()), new Resources(0, GIB, 65_536, 65_530, on("tmpfs"))))
                .singleElement()
                .asString()
                .contains("/records", "in memory (tmpfs)", "aeon.data-dir");
        assertThat(StartWarnings.of(settings(Map.of()), new Resources(0, GIB, 65_536, 65_530, on("nfs4"))))
                .singleElement()
                .asString()
                .contains("network file system (nfs4)");
    }

    @Test
    void aListenerThatIsOpenToOthersIsNamed() {
        assertThat(StartWarnings.of(settings(Map.of("aeon.listeners.client.host", "0.0.0.0")), ENOUGH))
                .singleElement()
                .asString()
                .contains("0.0.0.0:9092", "no authentication", "aeon.listeners.client.host = 127.0.0.1");
    }

    @Test
    void anAdvertisedAddressThatOthersCannotReachIsNamed() {
        assertThat(StartWarnings.of(
                        settings(Map.of(
                                "aeon.listeners.client.host", "0.0.0.0",
                                "aeon.listeners.client.advertised-host", "localhost")),
                        ENOUGH))
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "tells its clients to connect to localhost", "aeon.listeners.client.advertised-host"));
    }

    private static Map<Path, String> on(String fileSystem) {
        return Map.of(Path.of("/records"), fileSystem);
    }

    @Test
    void aConsoleThatIsOpenToOthersIsNamed() {
        assertThat(StartWarnings.of(settings(Map.of("aeon.console.host", "0.0.0.0")), ENOUGH))
                .singleElement()
                .asString()
                .contains("0.0.0.0:9644", "no authentication", "aeon.console.host = 127.0.0.1")
                .doesNotContain("delete");
        assertThat(StartWarnings.of(
                        settings(Map.of("aeon.console.host", "0.0.0.0", "aeon.console.write", "true")), ENOUGH))
                .singleElement()
                .asString()
                .contains("delete");
        assertThat(StartWarnings.of(
                        settings(Map.of("aeon.console.host", "0.0.0.0", "aeon.console.port", "-1")), ENOUGH))
                .isEmpty();
    }

    private static AeonSettings settings(Map<String, String> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.put("aeon.data-dir", "/records");
        return AeonSettings.load(SettingsSources.given(all));
    }
}
