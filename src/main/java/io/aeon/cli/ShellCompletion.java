package io.aeon.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;

/** The shells that can complete the commands, each with the way in which it is told of them. */
enum ShellCompletion {
    /**
     * A function that looks at the words before the cursor; names of files are what is completed if it finds nothing.
     */
    BASH {
        @Override
        List<String> script(List<Subcommand> subcommands) {
            List<String> lines = new ArrayList<>(List.of(
                    "_aeon() {",
                    "  local words= given=\"${COMP_WORDS[*]:1:COMP_CWORD-1} \" previous=${COMP_WORDS[COMP_CWORD-1]}",
                    "  COMPREPLY=()",
                    "  case $previous in",
                    "    " + String.join(" | ", withValue(subcommands)) + ") return ;;",
                    "  esac",
                    "  case $given in"));
            lines.addAll(choices(subcommands, "words=\"%s\""));
            lines.addAll(List.of(
                    "  esac",
                    "  while read -r word; do COMPREPLY+=(\"$word\"); done \\",
                    "    < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")",
                    "}",
                    "complete -o default -F _aeon aeon"));
            return lines;
        }
    },

    /** As in bash; the words before the cursor come without the quotes that were typed. */
    ZSH {
        @Override
        List<String> script(List<Subcommand> subcommands) {
            List<String> lines = new ArrayList<>(List.of(
                    "#compdef aeon",
                    "_aeon() {",
                    "  local given=\"${words[2,CURRENT-1]} \"",
                    "  local -a candidates",
                    "  case ${words[CURRENT-1]} in",
                    "    " + String.join(" | ", withValue(subcommands)) + ") _files; return ;;",
                    "  esac",
                    "  case $given in"));
            lines.addAll(choices(subcommands, "candidates=(%s)"));
            lines.addAll(List.of(
                    "  esac",
                    "  compadd -a candidates || _files",
                    "}",
                    "if [ \"${funcstack[1]}\" = _aeon ]; then _aeon \"$@\"; else compdef _aeon aeon; fi"));
            return lines;
        }
    },

    /** One line for each word. */
    FISH {
        @Override
        List<String> script(List<Subcommand> subcommands) {
            List<String> lines = new ArrayList<>(List.of("complete -c aeon -e"));
            words(subcommands)
                    .forEach((before, words) -> words.stream()
                            .filter(word -> !word.startsWith("-"))
                            .forEach(word -> lines.add("complete -c aeon -f -n '" + condition(before, words) + "' -a "
                                    + word + description(subcommands, before.isEmpty() ? word : before + " " + word))));
            for (Subcommand each : subcommands) {
                String here = Stream.of(each.words().split(" "))
                        .map(word -> "__fish_seen_subcommand_from " + word)
                        .reduce((one, other) -> one + "; and " + other)
                        .orElseThrow();
                each.options()
                        .getOptions()
                        .forEach(option -> lines.add("complete -c aeon -n '" + here + "'" + flag(option)
                                + (option.hasArg() ? " -r" : "") + " -d " + quoted(option.getDescription())));
            }
            return lines;
        }
    };

    /** The lines of the script. */
    abstract List<String> script(List<Subcommand> subcommands);

    /**
     * The branches that choose by the words before the cursor what may follow; {@code choice} is one with these words.
     */
    private static List<String> choices(List<Subcommand> subcommands, String choice) {
        List<String> branches = new ArrayList<>();
        words(subcommands).forEach((before, words) -> {
            String given = before.isEmpty() ? "\" \"" : "\"" + before + " \"*";
            branches.add("    " + given + ") " + choice.formatted(String.join(" ", words)) + " ;;");
        });
        return branches;
    }

    /** What may follow the words of a command, or their beginning. */
    private static Map<String, Set<String>> words(List<Subcommand> subcommands) {
        Map<String, Set<String>> words = new LinkedHashMap<>();
        Set<String> first = new LinkedHashSet<>();
        for (Subcommand each : subcommands) {
            Set<String> options = new LinkedHashSet<>();
            each.options().getOptions().forEach(option -> options.add(dashed(option)));
            options.add("--help");
            words.put(each.words(), options);
        }
        for (Subcommand each : subcommands) {
            String[] parts = each.words().split(" ", 2);
            first.add(parts[0]);
            if (parts.length == 2) {
                words.computeIfAbsent(parts[0], beginning -> new LinkedHashSet<>())
                        .add(parts[1]);
            }
        }
        first.addAll(List.of("--help", "--version"));
        words.put("", first);
        return words;
    }

    /** The options that take a value. */
    private static Set<String> withValue(List<Subcommand> subcommands) {
        Set<String> options = new LinkedHashSet<>();
        subcommands.forEach(each -> each.options().getOptions().stream()
                .filter(Option::hasArg)
                .forEach(option -> options.add(dashed(option))));
        return options;
    }

    private static String dashed(Option option) {
        return option.getLongOpt() == null ? "-" + option.getOpt() : "--" + option.getLongOpt();
    }

    private static String flag(Option option) {
        return option.getLongOpt() == null ? " -s " + option.getOpt() : " -l " + option.getLongOpt();
    }

    private static String condition(String before, Set<String> words) {
        return before.isEmpty()
                ? "__fish_use_subcommand"
                : "__fish_seen_subcommand_from " + before + "; and not __fish_seen_subcommand_from "
                        + String.join(" ", words);
    }

    private static String description(List<Subcommand> subcommands, String words) {
        return subcommands.stream()
                .filter(each -> each.words().equals(words))
                .map(each -> " -d " + quoted(each.summary()))
                .findFirst()
                .orElse("");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
