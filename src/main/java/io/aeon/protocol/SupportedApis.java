package io.aeon.protocol;

import org.apache.kafka.common.protocol.ApiKeys;

/** The APIs and versions that the broker answers. */
@FunctionalInterface
public interface SupportedApis {
    boolean supports(ApiKeys api, short version);
}
