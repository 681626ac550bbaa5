/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The yardstick: a bare libpcap loop that looks at one byte of each packet. Prints packets and bytes. */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = argc > 1 ? pcap_open_offline(argv[1], error) : NULL;
	uint64_t n_packets = 0, n_bytes = 0, sum = 0;
	struct pcap_pkthdr *header;
	const u_char *bytes;

	if (!pcap) {
		fprintf(stderr, "usage: bench_loop CAPTURE\n");
		return 2;
	}
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		n_packets++;
		n_bytes += header->caplen;
		sum += header->caplen ? bytes[0] : 0;
	}
	pcap_close(pcap);
	printf("%" PRIu64 " packets, %" PRIu64 " bytes, sum %" PRIu64 "\n", n_packets, n_bytes, sum);
	return 0;
}
