/*
 * The floor under an SFU's cost: receives one publisher's SRTP, and for each subscriber rewrites the header, encrypts and sends.
 * AEAD_AES_128_GCM (RFC 7714) through OpenSSL's EVP with one context per key; recvmmsg; sendmmsg with UDP_SEGMENT, or without,
 * or sendto. Single-threaded. No ICE, DTLS, RTCP, retransmission, estimation: everything that makes a product is left out.
 *
 * Commands on standard input, each answered with "ok":
 *   publisher <audio ssrc> <video ssrc> <master key> <master salt>
 *   subscriber <port> <audio ssrc> <video ssrc> <master key> <master salt>
 * The first line of output is "port <number>". It ends when standard input closes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { SLOT = 2048, HEADROOM = 64, INPUT = 64, OUTPUT = 64, FLUSH = 32, TAG = 16, MAX_PADDING = 3 };
enum { MAX_SUBSCRIBERS = 4096, LINE = 512, MAX_RUN_BYTES = 64000 };
enum mode { MODE_SENDTO, MODE_SENDMMSG, MODE_SEGMENT };

struct stream {
    uint32_t ssrc;
    uint32_t roc;
    uint16_t last;
    uint16_t first; /* the number of the first packet sent; low, as RFC 3711 §3.3.1 advises: who begins to decrypt later has to guess the roll-over counter */
    uint16_t offset;
    int started;
};

struct peer {
    EVP_CIPHER_CTX *context;
    uint8_t salt[12];
    struct stream audio, video;
    uint16_t transport_sequence;
    struct sockaddr_in address;
};

struct packet {
    uint8_t *bytes;
    int header;
    int length; /* without the tag */
    int is_video;
};

static struct peer publisher;
static struct peer *subscribers[MAX_SUBSCRIBERS];
static int subscriber_count;
static enum mode mode = MODE_SEGMENT;
static int udp;

static uint8_t output[OUTPUT][SLOT] __attribute__((aligned(64)));
static struct iovec vectors[OUTPUT];
static struct mmsghdr messages[OUTPUT];
static union { char bytes[CMSG_SPACE(sizeof(uint16_t))]; struct cmsghdr align; } controls[OUTPUT];
static int used, message_count;

static uint16_t read16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static uint32_t read32(const uint8_t *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static void write16(uint8_t *p, uint16_t v) { p[0] = v >> 8; p[1] = (uint8_t)v; }
static void write32(uint8_t *p, uint32_t v) { p[0] = v >> 24; p[1] = v >> 16; p[2] = v >> 8; p[3] = (uint8_t)v; }

static void die(const char *what) {
    perror(what);
    exit(1);
}

/* RFC 3711 §4.3.3 with a 96-bit salt (RFC 7714 §11): AES in counter mode over the label. */
static void derive(const uint8_t *key, const uint8_t *salt, uint8_t label, uint8_t *out, int length) {
    uint8_t block[16] = {0}, stream[16];
    int taken;
    memcpy(block, salt, 12);
    block[7] ^= label;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context || !EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), NULL, key, NULL)) die("key derivation");
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_EncryptUpdate(context, stream, &taken, block, 16);
    memcpy(out, stream, (size_t)length);
    EVP_CIPHER_CTX_free(context);
}

static int from_hex(const char *text, uint8_t *out, int length) {
    for (int i = 0; i < length; i++) {
        unsigned value;
        if (sscanf(text + 2 * i, "%2x", &value) != 1) return 0;
        out[i] = (uint8_t)value;
    }
    return text[2 * length] == '\0';
}

static int set_keys(struct peer *peer, const char *key_text, const char *salt_text, int encrypts) {
    uint8_t key[16], salt[12], session[16];
    if (!from_hex(key_text, key, 16) || !from_hex(salt_text, salt, 12)) return 0;
    derive(key, salt, 0, session, 16);
    derive(key, salt, 2, peer->salt, 12);
    peer->context = EVP_CIPHER_CTX_new();
    return peer->context && EVP_CipherInit_ex(peer->context, EVP_aes_128_gcm(), NULL, session, NULL, encrypts);
}

/* RFC 7714 §8.1: 00 00 SSRC ROC SEQ, xor the salt. */
static void make_iv(const struct peer *peer, uint32_t ssrc, uint32_t roc, uint16_t sequence, uint8_t *iv) {
    iv[0] = iv[1] = 0;
    write32(iv + 2, ssrc);
    write32(iv + 6, roc);
    write16(iv + 10, sequence);
    for (int i = 0; i < 12; i++) iv[i] ^= peer->salt[i];
}

/* Packets come and go in order here, so the counter rolls over where the number falls by more than half its range. */
static uint32_t roll_over(struct stream *stream, uint16_t sequence) {
    if (stream->started && sequence < 0x4000 && stream->last > 0xC000) stream->roc++;
    stream->started = 1;
    stream->last = sequence;
    return stream->roc;
}

static int header_length(const uint8_t *p, int length) {
    int header = 12 + 4 * (p[0] & 15);
    if ((p[0] & 0x10) && header + 4 <= length) header += 4 + 4 * read16(p + header + 2);
    return header;
}

static int unprotect(struct packet *packet) {
    uint8_t *p = packet->bytes, iv[12];
    int taken, rest;
    if (packet->length < 12 + TAG || (p[0] & 0xC0) != 0x80) return 0;
    packet->header = header_length(p, packet->length);
    int payload = packet->length - packet->header - TAG;
    if (payload < 0) return 0;
    uint32_t ssrc = read32(p + 8);
    packet->is_video = ssrc == publisher.video.ssrc;
    if (!packet->is_video && ssrc != publisher.audio.ssrc) return 0;
    uint16_t sequence = read16(p + 2);
    make_iv(&publisher, ssrc, roll_over(packet->is_video ? &publisher.video : &publisher.audio, sequence), sequence, iv);
    EVP_CIPHER_CTX *c = publisher.context;
    if (!EVP_DecryptInit_ex(c, NULL, NULL, NULL, iv) || !EVP_DecryptUpdate(c, NULL, &taken, p, packet->header)
        || !EVP_DecryptUpdate(c, p + packet->header, &taken, p + packet->header, payload)
        || !EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, p + packet->header + payload)
        || EVP_DecryptFinal_ex(c, p + packet->header + payload, &rest) <= 0) return 0;
    packet->length -= TAG;
    return 1;
}

/* Up to three bytes of RTP padding (RFC 3550 §5.1) make neighbouring video packets equal, so that they are one run. */
static void equalise(struct packet *packets, int count) {
    for (int i = 0; i < count;) {
        int end = i, low = packets[i].length, high = low;
        while (end < count && packets[end].is_video == packets[i].is_video) {
            int l = packets[end].length, new_low = l < low ? l : low, new_high = l > high ? l : high;
            if (new_high - new_low > MAX_PADDING) break;
            low = new_low;
            high = new_high;
            end++;
        }
        for (; i < end; i++) {
            int missing = high - packets[i].length;
            if (missing == 0 || (packets[i].bytes[0] & 0x20)) continue;
            memset(packets[i].bytes + packets[i].length, 0, (size_t)missing);
            packets[i].bytes[high - 1] = (uint8_t)missing;
            packets[i].bytes[0] |= 0x20;
            packets[i].length = high;
        }
    }
}

static void flush(void) {
    if (mode == MODE_SENDTO) {
        for (int i = 0; i < message_count; i++) {
            struct msghdr *m = &messages[i].msg_hdr;
            if (sendto(udp, m->msg_iov->iov_base, m->msg_iov->iov_len, 0, m->msg_name, m->msg_namelen) < 0 && errno != EAGAIN) die("sendto");
        }
    } else {
        for (int sent = 0; sent < message_count;) {
            int taken = sendmmsg(udp, messages + sent, (unsigned)(message_count - sent), 0);
            if (taken <= 0) {
                if (errno == EINTR || errno == EAGAIN || errno == ECONNREFUSED) continue;
                die("sendmmsg");
            }
            sent += taken;
        }
    }
    used = message_count = 0;
}

/* The transport-wide sequence number, wherever the one-byte extensions have two bytes under id 3. */
static void write_transport_sequence(uint8_t *p, int header, uint16_t value) {
    int offset = 12 + 4 * (p[0] & 15);
    if (!(p[0] & 0x10) || read16(p + offset) != 0xBEDE) return;
    for (offset += 4; offset < header;) {
        if (p[offset] == 0) {
            offset++;
            continue;
        }
        int length = (p[offset] & 15) + 1;
        if (p[offset] >> 4 == 3 && length == 2) {
            write16(p + offset + 1, value);
            return;
        }
        offset += 1 + length;
    }
}

static void forward(struct peer *to, const struct packet *packets, int count) {
    int run = -1, run_length = 0;
    if (used > 0 && used + count > FLUSH) flush();
    for (int i = 0; i < count; i++) {
        if (used == OUTPUT) {
            flush();
            run = -1;
        }
        const struct packet *packet = &packets[i];
        struct stream *stream = packet->is_video ? &to->video : &to->audio;
        uint8_t *q = output[used] + HEADROOM, iv[12];
        int payload = packet->length - packet->header, taken, rest;
        memcpy(q, packet->bytes, (size_t)packet->header);
        if (!stream->started) stream->offset = (uint16_t)(stream->first - read16(q + 2));
        uint16_t sequence = (uint16_t)(read16(q + 2) + stream->offset);
        write16(q + 2, sequence);
        write32(q + 4, read32(q + 4) + stream->offset);
        write32(q + 8, stream->ssrc);
        write_transport_sequence(q, packet->header, to->transport_sequence++);
        make_iv(to, stream->ssrc, roll_over(stream, sequence), sequence, iv);
        EVP_CIPHER_CTX *c = to->context;
        EVP_EncryptInit_ex(c, NULL, NULL, NULL, iv);
        EVP_EncryptUpdate(c, NULL, &taken, q, packet->header);
        EVP_EncryptUpdate(c, q + packet->header, &taken, packet->bytes + packet->header, payload);
        EVP_EncryptFinal_ex(c, q + packet->header + payload, &rest);
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, q + packet->header + payload);
        int total = packet->length + TAG;
        vectors[used].iov_base = q;
        vectors[used].iov_len = (size_t)total;
        if (mode == MODE_SEGMENT && run >= 0 && total == run_length && (messages[run].msg_hdr.msg_iovlen + 1) * (size_t)total <= MAX_RUN_BYTES) {
            struct msghdr *m = &messages[run].msg_hdr;
            m->msg_iovlen++;
            m->msg_control = controls[run].bytes;
            m->msg_controllen = sizeof controls[run].bytes;
            struct cmsghdr *control = CMSG_FIRSTHDR(m);
            control->cmsg_level = SOL_UDP;
            control->cmsg_type = UDP_SEGMENT;
            control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
            *(uint16_t *)CMSG_DATA(control) = (uint16_t)total;
        } else {
            run = message_count++;
            run_length = total;
            messages[run].msg_hdr = (struct msghdr){ .msg_name = &to->address, .msg_namelen = sizeof to->address, .msg_iov = &vectors[used], .msg_iovlen = 1 };
        }
        used++;
    }
}

static int command(char *line) {
    char key[LINE], salt[LINE];
    unsigned port, audio, video;
    if (sscanf(line, "publisher %u %u %511s %511s", &audio, &video, key, salt) == 4) {
        publisher.audio.ssrc = audio;
        publisher.video.ssrc = video;
        return set_keys(&publisher, key, salt, 0);
    }
    if (sscanf(line, "subscriber %u %u %u %511s %511s", &port, &audio, &video, key, salt) != 5 || subscriber_count == MAX_SUBSCRIBERS) return 0;
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer || !set_keys(peer, key, salt, 1)) return 0;
    peer->audio.ssrc = audio;
    peer->video.ssrc = video;
    peer->audio.first = (uint16_t)(subscriber_count * 3);
    peer->video.first = (uint16_t)(subscriber_count * 5);
    peer->address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    subscribers[subscriber_count++] = peer;
    return 1;
}

/* False at the end of the input. */
static int read_commands(void) {
    static char line[LINE * 2];
    static size_t length;
    ssize_t taken = read(STDIN_FILENO, line + length, sizeof line - 1 - length);
    if (taken <= 0) return 0;
    length += (size_t)taken;
    line[length] = '\0';
    for (char *end; (end = strchr(line, '\n')) != NULL;) {
        *end = '\0';
        puts(command(line) ? "ok" : "refused");
        fflush(stdout);
        length -= (size_t)(end + 1 - line);
        memmove(line, end + 1, length + 1);
    }
    return 1;
}

static void receive(void) {
    static uint8_t input[INPUT][SLOT] __attribute__((aligned(64)));
    static struct iovec input_vectors[INPUT];
    static struct mmsghdr input_messages[INPUT];
    static struct packet packets[INPUT];
    for (int i = 0; i < INPUT; i++) {
        input_vectors[i] = (struct iovec){ input[i] + HEADROOM, SLOT - 2 * HEADROOM };
        input_messages[i].msg_hdr = (struct msghdr){ .msg_iov = &input_vectors[i], .msg_iovlen = 1 };
    }
    for (int got; (got = recvmmsg(udp, input_messages, INPUT, MSG_DONTWAIT, NULL)) > 0;) {
        int count = 0;
        for (int i = 0; i < got; i++) {
            packets[count] = (struct packet){ .bytes = input_vectors[i].iov_base, .length = (int)input_messages[i].msg_len };
            if (publisher.context && unprotect(&packets[count])) count++;
        }
        if (mode == MODE_SEGMENT) equalise(packets, count);
        for (int s = 0; s < subscriber_count; s++) forward(subscribers[s], packets, count);
        if (used > 0) flush();
    }
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "sendto") == 0) mode = MODE_SENDTO;
    else if (argc > 1 && strcmp(argv[1], "sendmmsg") == 0) mode = MODE_SENDMMSG;
    int size = 4 << 20;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    udp = socket(AF_INET, SOCK_DGRAM, 0);
    if (udp < 0 || bind(udp, (struct sockaddr *)&address, sizeof address) || getsockname(udp, (struct sockaddr *)&address, &length)) die("socket");
    if (setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) || setsockopt(udp, SOL_SOCKET, SO_SNDBUF, &size, sizeof size)) die("setsockopt");
    printf("port %u\n", ntohs(address.sin_port));
    fflush(stdout);
    struct pollfd wait[2] = { { .fd = udp, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
    for (;;) {
        if (poll(wait, 2, -1) < 0 && errno != EINTR) die("poll");
        if (wait[1].revents && !read_commands()) return 0;
        if (wait[0].revents) receive();
    }
}
