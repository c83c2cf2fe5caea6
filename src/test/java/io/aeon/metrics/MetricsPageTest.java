package io.aeon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.console.http.HttpAnswer;
import io.aeon.console.http.HttpQuery;
import io.aeon.console.http.RefusedException;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    private int collected;

    @Test
    void clientsThatDoNotReadTheirScrapeKeepTwoInMemoryAtMost() throws Exception {
        MetricsPage page = new MetricsPage(this::scrape);
        HttpAnswer unread = page.answer(query());
        page.answer(query());

        assertThatThrownBy(() -> page.answer(query()))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(503));
        assertThat(collected).isEqualTo(2);

        unread.body().end();
        assertThat(page.answer(query()).status()).isEqualTo(200);
    }

    @Test
    void aScrapeThatFailsDoesNotCount() throws Exception {
        MetricsPage page = new MetricsPage(this::thirdScrape);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> page.answer(query())).hasMessage("broken");
        }

        assertThat(page.answer(query()).status()).isEqualTo(200);
    }

    private Scrape thirdScrape() {
        Scrape scrape = scrape();
        if (collected < 3) {
            throw new IllegalStateException("broken");
        }
        return scrape;
    }

    private Scrape scrape() {
        collected++;
        return new Scrape(new Families().snapshots());
    }

    private static HttpQuery query() {
        return HttpQuery.of("/metrics", null, null, new byte[0]);
    }
}
