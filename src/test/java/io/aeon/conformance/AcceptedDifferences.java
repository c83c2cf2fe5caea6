package io.aeon.conformance;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The differences that are there on purpose, with their reasons, from {@code accepted-differences.conf}. */
final class AcceptedDifferences {
    private final Map<Accepted, Integer> uses = new LinkedHashMap<>();

    /** A difference on purpose: what it covers, and why it is there. */
    record Accepted(String api, String reason, Predicate<Difference> covers) {}

    private AcceptedDifferences(List<? extends Config> all) {
        all.forEach(each -> uses.put(parse(each), 0));
    }

    static AcceptedDifferences load() {
        return new AcceptedDifferences(ConfigFactory.parseResources(
                        AcceptedDifferences.class,
                        "accepted-differences.conf",
                        ConfigParseOptions.defaults().setAllowMissing(false))
                .getConfigList("accepted"));
    }

    private static Accepted parse(Config config) {
        Predicate<Difference> covers = matches(
                        config, "api", found -> found.asked().api().name)
                .and(matches(config, "case", found -> found.asked().what()))
                .and(matches(
                        config,
                        "version",
                        found -> Integer.toString(found.asked().version())))
                .and(matches(config, "path", Difference::path))
                .and(matches(config, "kafka", Difference::kafka))
                .and(matches(config, "aeon", Difference::aeon));
        return new Accepted(
                config.hasPath("api") ? config.getString("api") : "all", config.getString("reason"), covers);
    }

    private static Predicate<Difference> matches(Config config, String key, Function<Difference, String> value) {
        if (!config.hasPath(key)) {
            return found -> true;
        }
        Pattern pattern = Pattern.compile(config.getString(key), Pattern.DOTALL);
        return found -> pattern.matcher(value.apply(found)).matches();
    }

    /** Tells whether the difference is accepted, and counts it. */
    boolean cover(Difference found) {
        Optional<Accepted> reason =
                uses.keySet().stream().filter(each -> each.covers().test(found)).findFirst();
        reason.ifPresent(each -> uses.merge(each, 1, Integer::sum));
        return reason.isPresent();
    }

    /** Each accepted difference and how often it was found. */
    Map<Accepted, Integer> uses() {
        return uses;
    }
}
