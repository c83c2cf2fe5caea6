package io.aeon.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A HOCON file whose {@code kafka { }} blocks contain {@link PropertyLines}; the same applies to included files. */
final class HoconFile implements ConfigIncluder {
    private final Path file;

    private HoconFile(Path file) {
        this.file = file;
    }

    /**
     * The settings of the file and of its included files.
     *
     * @throws com.typesafe.config.ConfigException the file is not valid HOCON; the message begins with file and line
     * @throws UncheckedIOException the file cannot be read
     */
    static Config read(Path file) {
        try {
            return ConfigFactory.parseString(
                    PropertyLines.quoted(Files.readString(file)),
                    ConfigParseOptions.defaults()
                            .setOriginDescription(file.toString())
                            .setIncluder(new HoconFile(file)));
        } catch (CharacterCodingException e) {
            throw new SettingsException(file.toString(), "is not text in UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    /** A file relative to this one, with or without its extension. As in all HOCON, a missing file has no settings. */
    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        return Stream.of(file.resolveSibling(what), file.resolveSibling(what + ".conf"))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(HoconFile::read)
                .orElseGet(() -> missing(context, what))
                .root();
    }

    private Config missing(ConfigIncludeContext context, String what) {
        if (context.parseOptions().getAllowMissing()) {
            return ConfigFactory.empty();
        }
        throw new SettingsException(file.toString(), "the included file " + what + " does not exist");
    }
}
