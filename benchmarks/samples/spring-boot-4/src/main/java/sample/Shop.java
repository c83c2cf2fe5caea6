package sample;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.kafka.annotation.KafkaListener;

@SpringBootApplication
public class Shop {
    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();

    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }

    @KafkaListener(topics = "orders")
    void take(String order) {
        orders.add(order);
    }

    BlockingQueue<String> orders() {
        return orders;
    }
}
