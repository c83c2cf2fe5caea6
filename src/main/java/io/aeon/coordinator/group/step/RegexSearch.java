package io.aeon.coordinator.group.step;

import com.google.re2j.Pattern;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.ResolvedRegex;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A search for the topics that match regular expressions. It takes a time that grows with the number of topics, so it
 * runs outside of the group; its result comes back as {@link GroupCommand.RegexesResolved}.
 *
 * @param patterns RE2 patterns; one that another broker has stored may not be valid here
 */
public record RegexSearch(Set<String> patterns) {
    /** The topics of each pattern; internal topics are found too. */
    public GroupCommand.RegexesResolved run(TopicsImage image, Supplier<Now> clock) {
        Now begin = clock.get();
        Set<String> names = image.names();
        Map<String, ResolvedRegex> resolved = new HashMap<>();
        Set<String> failed = new HashSet<>();
        for (String pattern : patterns) {
            try {
                resolved.put(pattern, new ResolvedRegex(matching(pattern, names), image.version(), begin.epochMs()));
            } catch (RuntimeException e) {
                failed.add(pattern);
            }
        }
        return new GroupCommand.RegexesResolved(
                Map.copyOf(resolved), Set.copyOf(failed), clock.get().elapsedMs() - begin.elapsedMs());
    }

    private static Set<String> matching(String pattern, Set<String> names) {
        Pattern compiled = Pattern.compile(pattern);
        Set<String> matching = new TreeSet<>();
        names.stream().filter(compiled::matches).forEach(matching::add);
        return Collections.unmodifiableSet(matching);
    }
}
