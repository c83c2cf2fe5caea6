package io.aeon.coordinator.group;

import com.google.re2j.Pattern;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.ConsumerGroupRecord.ResolvedRegex;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A search for the topics that match regular expressions. It takes a time that grows with the number of topics, so it
 * runs outside of the group; its result comes back as {@link GroupCommand.RegexesResolved}.
 *
 * @param patterns valid RE2 patterns
 */
public record RegexSearch(Set<String> patterns) {
    /** The topics of each pattern; internal topics are found too. */
    public GroupCommand.RegexesResolved run(TopicsImage image, Supplier<Now> clock) {
        Now begin = clock.get();
        List<Pattern> compiled = patterns.stream().map(Pattern::compile).toList();
        Set<String> names = image.names();
        Map<String, ResolvedRegex> resolved = new HashMap<>();
        for (Pattern pattern : compiled) {
            Set<String> matching = new TreeSet<>();
            names.stream().filter(pattern::matches).forEach(matching::add);
            resolved.put(
                    pattern.pattern(),
                    new ResolvedRegex(Collections.unmodifiableSet(matching), image.version(), begin.epochMs()));
        }
        return new GroupCommand.RegexesResolved(
                Map.copyOf(resolved), clock.get().elapsedMs() - begin.elapsedMs());
    }
}
