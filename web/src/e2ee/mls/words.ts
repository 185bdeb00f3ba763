/** 256 everyday Indonesian words, one per byte, told apart by their first four letters and by ear. The list never changes: both ends must have the same. */
export const words: readonly string[] = `
abad acara adat agung ajak akar alam ambil aman anak angin apel arah asam atap awan
badak bagus bahasa baju bakso balai bambu bangku banyak batu bawang bebek belah benang beras besi
biasa bidang bijak bintang biru bola bonceng botol buah buku bulan bunga buruh busur cabang cacing
cahaya cair cakap campur candi cangkir cantik cari catur cepat cerah cermin cincin cinta coba cokelat
cuaca cukup curah daerah daftar dagang dahan damai danau dapur darat dasar daun dayung delapan delman
dengar depan derap desa dinding dingin dokter domba dompet dosen duduk dunia durian edar ekor elang
emas embun empat enam esok fajar gading gajah galah gamelan gandum garam garis gedung gelas gembira
gempa gerak giat gigi gitar goreng gotong gubuk gula gunung guru habis hadap hakim halus harimau
hasil hati hebat helai hemat hidup hijau hitung hujan hutan ikan ikat ilmu indah ingat intan
irama isi jahe jajan jalan jamu jarum jatuh jawab jeruk jinak jual jujur jumlah kabut kaca
kakak kami kancil kapal karang kasih kata kawan kayu kebun kelapa kemarau kenari kepala kerja kijang
kilat kirim kolam kopi kota kuat kucing kuda kulit kunci kuning kupu labu lada lahar lagu
laju lampu langit lapang latih laut layar lebah lembah lemon lengan lereng lidah lilin lima
listrik logam lomba lontar lucu lumut macan madu main makan malam mandi manggis mata mekar
melati menang merah mesin minum mobil muda mulia musik nada naga nanas nasi negeri nenas nyala
obat ombak orang otak pagar pagi pahat paku panah pandai pantai papan pasar pasir payung pedas pelan pena
`.trim().split(/\s+/);
