package io.aeon.test.spring;

import java.util.List;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/** Tells Spring Boot 4 where the broker is. */
record SpringBoot4Connection(List<String> getBootstrapServers) implements KafkaConnectionDetails {}
