/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exchange CAPTURE ANSWER SETUP: a router of this kernel between two taps of its own, "lan" and "wan", and what it sends.
 * exchange --words CAPTURE: a line of hexadecimal digits a packet, without what a kernel draws.
 *
 * Run in a network namespace of its own, as root. SETUP is a command for the shell, run once the taps are there. CAPTURE has
 * Ethernet frames or bare IP packets, which are sent at their times: those from 10.0.2.0/24 and fd02::/64 through wan, those of the router
 * itself (.1 of each network) through a raw socket, all others through lan. ANSWER becomes a capture of the IP packets that
 * came out of the taps meanwhile, and in the second after the last.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ETHERNET_LEN = 14, MOST_BYTES = 66000, LAN = 0, WAN = 1, REST_MS = 1500, QUIET_MS = 20, LEAST_LEN = 28 };

struct exchange {
	int taps[2], raw[2];
	uint8_t macs[2][6];
	pcap_dumper_t *answer;
};

static void fail(const char *what)
{
	fprintf(stderr, "exchange: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
		fail(name);
	return tap;
}

static void read_mac(const char *name, uint8_t mac[6])
{
	struct ifreq request = { 0 };
	int socket_of = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (socket_of < 0 || ioctl(socket_of, SIOCGIFHWADDR, &request) < 0)
		fail(name);
	memcpy(mac, request.ifr_hwaddr.sa_data, 6);
	close(socket_of);
}

/* What the kernel says of itself (router and neighbour discovery, multicast groups) is no answer. */
static bool is_own_talk(const uint8_t *packet, size_t len)
{
	size_t at = 40;
	uint8_t next;

	if (len < 40 || packet[0] >> 4 != 6)
		return len < 20 || packet[0] >> 4 != 4;
	next = packet[6];
	if (next == 0 && len > 48) {
		next = packet[40];
		at = 48;
	}
	return next == 58 && len > at && packet[at] >= 130;
}

static void take_answers(struct exchange *exchange, int wait_ms)
{
	struct pollfd fds[2] = { { .fd = exchange->taps[LAN], .events = POLLIN }, { .fd = exchange->taps[WAN], .events = POLLIN } };
	uint8_t frame[MOST_BYTES];

	while (poll(fds, 2, wait_ms) > 0)
		for (int i = 0; i < 2; i++) {
			ssize_t len = fds[i].revents ? read(fds[i].fd, frame, sizeof(frame)) : 0;
			struct pcap_pkthdr header = { .caplen = (bpf_u_int32)(len - ETHERNET_LEN) };

			header.len = header.caplen;
			if (len > ETHERNET_LEN && !is_own_talk(frame + ETHERNET_LEN, header.caplen))
				pcap_dump((u_char *)exchange->answer, &header, frame + ETHERNET_LEN);
		}
}

static bool is_ipv6(const uint8_t *packet)
{
	return packet[0] >> 4 == 6;
}

static bool is_of_router(const uint8_t *packet)
{
	static const uint8_t zeros[13];
	const uint8_t *source = packet + (is_ipv6(packet) ? 8 : 12);

	if (is_ipv6(packet))
		return source[0] == 0xfd && memcmp(source + 2, zeros, 13) == 0 && source[15] == 1;
	return source[0] == 10 && source[3] == 1;
}

static void send_own(struct exchange *exchange, const uint8_t *packet, size_t len)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };

	memcpy(&ipv4.sin_addr, packet + 16, 4);
	memcpy(&ipv6.sin6_addr, packet + 24, 16);
	if (is_ipv6(packet))
		sendto(exchange->raw[1], packet, len, 0, (const struct sockaddr *)&ipv6, sizeof(ipv6));
	else
		sendto(exchange->raw[0], packet, len, 0, (const struct sockaddr *)&ipv4, sizeof(ipv4));
}

static void send_packet(struct exchange *exchange, const uint8_t *packet, size_t len)
{
	bool is_from_wan = is_ipv6(packet) ? packet[8] == 0xfd && packet[9] == 2 : packet[12] == 10 && packet[14] == 2;
	uint8_t frame[MOST_BYTES] = { 0 };
	int side = is_from_wan ? WAN : LAN;

	if (is_of_router(packet)) {
		send_own(exchange, packet, len);
		return;
	}
	memcpy(frame, exchange->macs[side], 6);
	if (!is_ipv6(packet) && packet[19] == 255)
		memset(frame, 0xff, 6);
	memcpy(frame + 6, "\x02\xaa\0\0\0\1", 6);
	memcpy(frame + 12, is_ipv6(packet) ? "\x86\xdd" : "\x08\0", 2);
	memcpy(frame + ETHERNET_LEN, packet, len);
	if (write(exchange->taps[side], frame, ETHERNET_LEN + len) < 0)
		fail("a tap");
}

static pcap_t *open_capture(const char *path)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *capture = pcap_open_offline(path, error);

	if (!capture) {
		fprintf(stderr, "exchange: %s\n", error);
		exit(1);
	}
	return capture;
}

static size_t headroom(pcap_t *capture)
{
	return pcap_datalink(capture) == DLT_EN10MB ? ETHERNET_LEN : 0;
}

static void send_all(struct exchange *exchange, pcap_t *capture)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	double before = -1, now;

	while (pcap_next_ex(capture, &header, &bytes) == 1) {
		now = (double)header->ts.tv_sec + (double)header->ts.tv_usec / 1e6;
		if (before >= 0 && now > before)
			take_answers(exchange, (int)((now - before) * 1000));
		before = now;
		if (header->caplen >= headroom(capture) + LEAST_LEN)
			send_packet(exchange, bytes + headroom(capture), header->caplen - headroom(capture));
		take_answers(exchange, QUIET_MS);
	}
	take_answers(exchange, REST_MS);
}

static void zero(uint8_t *packet, size_t len, size_t at, size_t n)
{
	if (at + n <= len)
		memset(packet + at, 0, n);
}

/* Identifications of what the router made or split, flow labels, and the IPv4 checksum over these. */
static void forget_what_is_drawn(uint8_t *packet, size_t len)
{
	size_t at = 40;
	uint8_t next = packet[6];

	if (!is_ipv6(packet)) {
		if (packet[9] == IPPROTO_ICMP && (packet[20] == 3 || packet[20] == 11))
			zero(packet, len, 4, 2);
		zero(packet, len, 10, 2);
		return;
	}
	zero(packet, len, 1, 3);
	for (; (next == 0 || next == 43 || next == 60) && at + 2 < len; at += (packet[at + 1] + 1u) * 8)
		next = packet[at];
	if (next == 44)
		zero(packet, len, at + 4, 4);
}

static int print_words(const char *path)
{
	pcap_t *capture = open_capture(path);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	uint8_t packet[MOST_BYTES];

	while (pcap_next_ex(capture, &header, &bytes) == 1) {
		size_t len = header->caplen - headroom(capture);

		if (len < LEAST_LEN || len > sizeof(packet))
			continue;
		memcpy(packet, bytes + headroom(capture), len);
		forget_what_is_drawn(packet, len);
		for (size_t i = 0; i < len; i++)
			printf("%02x", packet[i]);
		putchar('\n');
	}
	pcap_close(capture);
	return 0;
}

int main(int argc, char **argv)
{
	struct exchange exchange;
	pcap_t *capture, *dead;

	if (argc == 3 && strcmp(argv[1], "--words") == 0)
		return print_words(argv[2]);
	if (argc != 4) {
		fprintf(stderr, "usage: exchange CAPTURE ANSWER SETUP, or exchange --words CAPTURE\n");
		return 2;
	}
	capture = open_capture(argv[1]);
	dead = pcap_open_dead(DLT_RAW, MOST_BYTES);
	exchange.answer = pcap_dump_open(dead, argv[2]);
	exchange.taps[LAN] = open_tap("lan");
	exchange.taps[WAN] = open_tap("wan");
	exchange.raw[0] = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	exchange.raw[1] = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
	if (!exchange.answer || exchange.raw[0] < 0 || exchange.raw[1] < 0)
		fail("what it needs");
	if (system(argv[3]) != 0)
		return 1;
	read_mac("lan", exchange.macs[LAN]);
	read_mac("wan", exchange.macs[WAN]);
	take_answers(&exchange, QUIET_MS * 10);
	send_all(&exchange, capture);
	pcap_dump_close(exchange.answer);
	pcap_close(dead);
	pcap_close(capture);
	return 0;
}
