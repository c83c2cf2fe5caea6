package io.aeon.conformance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;

/** SCRAM credentials are set, replaced, described and deleted; wrong ones are refused. */
final class ScramScript implements Script {
    private static final byte UNKNOWN = 0;
    private static final byte SHORT = 1;
    private static final byte LONG = 2;
    private static final int FEWEST = 4096;
    private static final int MOST = 16384;

    private Stage stage;
    private Line line;

    @Override
    public String name() {
        return "scram-credentials";
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        String user = name();
        describe("nobody known", user);
        set("one", upsertion(user, SHORT, FEWEST));
        describe("one", user);
        set("another mechanism", upsertion(user, LONG, MOST));
        set("more iterations", upsertion(user, SHORT, FEWEST + 1));
        describe("both", user);
        set("two users", upsertion("first of two", SHORT, FEWEST), upsertion("second of two", LONG, FEWEST));
        describe("three users and one unknown", user, "first of two", "second of two", "nobody");
        describe("one user twice", user, user);
        describe("a user without a name", "");
        refusals(user);
        delete("one mechanism", deletion(user, SHORT));
        describe("the other mechanism", user);
        delete("it again", deletion(user, SHORT));
        delete("all", deletion(user, LONG), deletion("first of two", SHORT), deletion("second of two", LONG));
        describe("none of them", user, "first of two");
    }

    private void refusals(String user) {
        set("too few iterations", upsertion(user, SHORT, FEWEST - 1));
        set("too many iterations", upsertion(user, LONG, MOST + 1));
        set("negative iterations", upsertion(user, LONG, -1));
        set("an unknown mechanism", upsertion(user, UNKNOWN, FEWEST));
        set("a user without a name", upsertion("", SHORT, FEWEST));
        set("a good one and a bad one", upsertion(user, SHORT, FEWEST), upsertion("bad", SHORT, 1));
        set("one twice", upsertion(user, SHORT, FEWEST), upsertion(user, SHORT, FEWEST));
        set("both mechanisms at once", upsertion(user, SHORT, FEWEST), upsertion(user, LONG, FEWEST));
        set("no password", upsertion(user, SHORT, FEWEST).setSaltedPassword(new byte[0]));
        set("no salt", upsertion("unsalted", SHORT, FEWEST).setSalt(new byte[0]));
        set("nothing");
        delete("of an unknown mechanism", deletion(user, UNKNOWN));
        delete("of nobody", deletion("nobody", SHORT));
        delete("of a user without a name", deletion("", SHORT));
        delete("one twice", deletion(user, SHORT), deletion(user, SHORT));
        ask(
                "set and delete one",
                new AlterUserScramCredentialsRequestData()
                        .setUpsertions(List.of(upsertion(user, SHORT, FEWEST)))
                        .setDeletions(List.of(deletion(user, LONG))));
        describe("what is left", user, "unsalted", "bad");
        delete("of the unsalted", deletion("unsalted", SHORT));
    }

    private static ScramCredentialUpsertion upsertion(String user, byte mechanism, int iterations) {
        return new ScramCredentialUpsertion()
                .setName(user)
                .setMechanism(mechanism)
                .setIterations(iterations)
                .setSalt("salt".getBytes(StandardCharsets.UTF_8))
                .setSaltedPassword("salted password".getBytes(StandardCharsets.UTF_8));
    }

    private static ScramCredentialDeletion deletion(String user, byte mechanism) {
        return new ScramCredentialDeletion().setName(user).setMechanism(mechanism);
    }

    private void set(String what, ScramCredentialUpsertion... upsertions) {
        ask("set " + what, new AlterUserScramCredentialsRequestData().setUpsertions(List.of(upsertions)));
    }

    private void delete(String what, ScramCredentialDeletion... deletions) {
        ask("delete " + what, new AlterUserScramCredentialsRequestData().setDeletions(List.of(deletions)));
    }

    private void ask(String what, AlterUserScramCredentialsRequestData request) {
        line.ask(what, 0, request, AlterUserScramCredentialsResponseData.class);
        stage.settle();
    }

    private void describe(String what, String... users) {
        line.ask(
                "describe " + what,
                0,
                new DescribeUserScramCredentialsRequestData()
                        .setUsers(Stream.of(users)
                                .map(user -> new UserName().setName(user))
                                .toList()),
                DescribeUserScramCredentialsResponseData.class);
    }
}
