package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the HTTP port of a broker answers, and when it is open. */
class HttpPortIT {
    private static Aeon broker;
    private static Aeon writable;
    private static Browser browser;
    private static Browser writer;

    @BeforeAll
    static void start() {
        broker = Aeon.builder()
                .set("aeon.console.port", 0)
                .set("aeon.listeners.client.advertised-host", "Broker.Example")
                .start();
        writable = Aeon.builder()
                .set("aeon.console.port", 0)
                .set("aeon.console.write", true)
                .start();
        browser = new Browser(broker.console().orElseThrow());
        writer = new Browser(writable.console().orElseThrow());
    }

    @AfterAll
    static void stop() {
        broker.close();
        writable.close();
    }

    @Test
    void aBrokerThatServesIsReady() {
        assertThat(browser.get("/readyz").body()).isEqualTo("ready\n");
        assertThat(browser.get("/healthz").body()).isEqualTo("ok\n");
        assertThat(browser.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(browser.get("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void answersLoadNothingFromElsewhereAndStandInNoFrame() {
        HttpResponse<String> answer = browser.get("/healthz");

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:80", "127.0.0.1:9644", "[::1]:9644", "10.1.2.3", "broker.example:9644"})
    void theServerIsCalledByAnAddressOrItsOwnName(String host) throws IOException {
        assertThat(browser.raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aCheckWithoutAHostIsAnswered() throws IOException {
        assertThat(browser.raw("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rebound.example", "localhost.example:9644", "127.0.0.1.example", "example:9644:1", "\t"})
    void aNameThatSomebodyElseHasGivenThisAddressIsRefused(String host) throws IOException {
        assertThat(browser.raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
    }

    @Test
    void twoHostsAreRefused() throws IOException {
        assertThat(browser.raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin,http://elsewhere.example",
        "Origin,null",
        "Origin,http://127.0.0.1:1",
        "Sec-Fetch-Site,cross-site",
        "Sec-Fetch-Site,same-site"
    })
    void pagesOfOtherSitesAreNotAnswered(String header, String value) {
        assertThat(browser.get("/healthz", header, value).statusCode()).isEqualTo(403);
        assertThat(writer.post("/healthz", "{}", header, value).statusCode()).isEqualTo(403);
    }

    @Test
    void itsOwnPagesAndLinksFromElsewhereAre() {
        String self = "http://" + broker.console().orElseThrow().getAuthority();

        assertThat(browser.get("/healthz", "Origin", self, "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(200);
        assertThat(browser.get("/healthz", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void nothingIsChangedUnlessTheSettingsSaySo() {
        assertThat(browser.post("/healthz", "{}").statusCode()).isEqualTo(403);
        assertThat(browser.post("/healthz", "{}").body()).contains("aeon.console.write = true");
        assertThat(writer.post("/healthz", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyGetAndPostAreTaken() {
        assertThat(writer.send(writer.request("/healthz").DELETE()).statusCode())
                .isEqualTo(405);
        assertThat(writer.send(writer.request("/healthz").method("OPTIONS", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(405);
        assertThat(browser.send(browser.request("/healthz").method("HEAD", BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatAFormOrAScriptOfAnotherSiteCanSendIsRefused() {
        assertThat(writer.send(writer.request("/healthz", "Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsRead() throws IOException {
        String head = "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

        assertThat(writer.raw(head + "Content-Length: 4194305\r\n\r\n")).startsWith("HTTP/1.1 413 ");
        assertThat(writer.raw(head + "Transfer-Encoding: chunked\r\n\r\n")).startsWith("HTTP/1.1 411 ");
        assertThat(writer.get("/healthz?" + "x".repeat(9_000)).statusCode()).isEqualTo(414);
    }

    @Test
    void aPortThatIsGivenAndTakenStopsTheStart() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Aeon.builder()
                            .set("aeon.console.port", taken.getLocalPort())
                            .start())
                    .isInstanceOf(StartException.class)
                    .hasMessage("the console cannot bind 127.0.0.1:" + taken.getLocalPort()
                            + ": Address already in use; stop the program that uses it, or set another"
                            + " aeon.console.port");
        }
    }

    @Test
    void anEmbeddedBrokerHasNoPortUnlessTold() {
        try (Aeon embedded = Aeon.builder().start()) {
            assertThat(embedded.console()).isEmpty();
        }
    }
}
