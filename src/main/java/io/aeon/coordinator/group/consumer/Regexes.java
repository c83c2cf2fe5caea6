package io.aeon.coordinator.group.consumer;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.aeon.coordinator.RegexSize;
import io.aeon.coordinator.group.command.GroupCommand.RegexesResolved;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.RegexRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.ResolvedRegex;
import io.aeon.coordinator.group.step.GroupStep;
import io.aeon.coordinator.group.step.RegexSearch;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/**
 * The regular expressions to which members of a consumer group are subscribed, and when their topics are searched. One
 * search of a group runs at a time, and its searches take a tenth of the time at most, whatever its members ask.
 */
final class Regexes {
    /** Milliseconds between two searches, unless there is a new regular expression. */
    static final int MIN_INTERVAL_MS = 10_000;

    /** The longest pattern in characters. */
    static final int MAX_LENGTH = 1000;

    /** The largest {@link RegexSize} of a pattern, of which RE2/J takes about 64 bytes for each character. */
    static final int MAX_EXPANSION = 500_000;

    /** After a search the group starts no other one for this multiple of its duration. */
    static final int PAUSE_FACTOR = 9;

    private boolean searching;
    private long searchedAt = Long.MIN_VALUE;
    private long pausedUntil = Long.MIN_VALUE;
    private long searchedVersion = -1;

    /**
     * A member has a new regular expression instead of an old one; empty for none.
     *
     * @return whether the topics to which it is subscribed have changed already
     * @throws org.apache.kafka.common.errors.InvalidRegularExpression the new one is no RE2 pattern
     */
    boolean replace(Draft draft, String old, String next) {
        if (old.equals(next)) {
            return false;
        }
        if (!next.isEmpty() && draft.state().index().regexes().getOrDefault(next, 0) == 1) {
            compile(next);
        }
        dropUnused(draft, old);
        return next.isEmpty() || draft.state().regexes().containsKey(next);
    }

    /** Deletes the topics of a regular expression to which no member is subscribed. */
    void dropUnused(Draft draft, String regex) {
        if (draft.state().regexes().containsKey(regex)
                && !draft.state().index().regexes().containsKey(regex)) {
            draft.add(new RegexRecord(draft.groupId(), regex, null));
        }
    }

    private static void compile(String regex) {
        if (regex.length() > MAX_LENGTH || RegexSize.of(regex) > MAX_EXPANSION) {
            throw Errors.INVALID_REGULAR_EXPRESSION.exception("SubscribedTopicRegex is too large: it may have "
                    + MAX_LENGTH + " characters, and its length times its repetition counts may be " + MAX_EXPANSION
                    + ".");
        }
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw Errors.INVALID_REGULAR_EXPRESSION.exception("SubscribedTopicRegex `" + regex
                    + "` is not a valid regular expression: " + e.getDescription() + ".");
        }
    }

    /** Starts a search if one is due and none runs. */
    void searchIfDue(GroupStep step, ConsumerGroupState state, TopicsImage image, int refreshMs) {
        Set<String> patterns = state.index().regexes().keySet();
        long now = step.now().elapsedMs();
        if (searching || patterns.isEmpty() || now < pausedUntil) {
            return;
        }
        boolean unresolved = !state.regexes().keySet().containsAll(patterns);
        boolean outdated = searchedAt == Long.MIN_VALUE
                || (image.version() > searchedVersion && now - searchedAt >= MIN_INTERVAL_MS)
                || now - searchedAt >= refreshMs;
        if (unresolved || outdated) {
            searching = true;
            searchedAt = now;
            step.search(new RegexSearch(Set.copyOf(patterns)));
        }
    }

    /** Topics that were found could not be stored: they are searched again. */
    void forget() {
        searchedVersion = -1;
    }

    /**
     * Takes the result of a search over; returns whether the topics of a regular expression have changed. One that
     * could not be searched keeps its topics, and has none if it had none.
     */
    boolean resolved(Draft draft, RegexesResolved result) {
        searching = false;
        pausedUntil = draft.now().elapsedMs() + PAUSE_FACTOR * Math.max(1, result.tookMs());
        boolean changed = false;
        for (var found : result.topics().entrySet()) {
            searchedVersion = found.getValue().version();
            changed |= store(draft, found.getKey(), found.getValue());
        }
        for (String regex : result.failed()) {
            draft.note(Level.WARN, "the topics of the regular expression " + regex + " cannot be searched");
            if (!draft.state().regexes().containsKey(regex)) {
                store(draft, regex, new ResolvedRegex(Set.of(), 0, draft.now().epochMs()));
            }
        }
        return changed;
    }

    private static boolean store(Draft draft, String regex, ResolvedRegex found) {
        ResolvedRegex known = draft.state().regexes().get(regex);
        boolean differs = !draft.state().topicsOf(regex).equals(found.topics());
        boolean isUsed = draft.state().index().regexes().containsKey(regex);
        if (isUsed && (known == null || differs)) {
            draft.add(new RegexRecord(draft.groupId(), regex, found));
        }
        return isUsed && differs;
    }
}
