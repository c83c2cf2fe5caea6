package io.aeon.protocol;

import org.apache.kafka.common.protocol.ApiKeys;

/** Which requests are answered at all. */
@FunctionalInterface
public interface SupportedApis {
    boolean supports(ApiKeys api, short version);
}
