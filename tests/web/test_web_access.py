"""Who may open which page: one row for every route there is, one column for everyone."""

from __future__ import annotations

import pytest

from issuer.config import locate_templates
from issuer.domain.access import Role
from tests.offices import OPERATOR, VILLAGE, WARD
from tests.web.web_office import (
    CLERK,
    NOBODY,
    OFFICER,
    OTHER_CLERK,
    OTHER_OFFICER,
    REVIEWER,
    SPARE_CLERK,
    WebOffice,
    make_app,
    post,
)

OTHER_ROLES = sorted({role.value.replace("_", "-") for role in Role} - {CLERK})
AT_THE_DOOR = "at the door"
OPEN, SIGNED_IN, FOR_CLERKS, OF_THE_AGENCY = "open", "signed in", "for clerks", "of the agency"

FOR_THE_AGENCY = "for the agency"
FOR_OFFICERS, LETTER_OF_THE_OFFICER = "for officers", "letter of the officer"
FOR_ADMINISTRATION, FOR_ADMINS = "for administration", "for admins"
FOR_THE_REGENCY, FOR_OVERSIGHT = "for the regency", "for oversight"
FOR_CITIZENS, CITIZEN = "for citizens", "pemohon"
AGENCY_ADMIN, REGENCY_ADMIN, AUDITOR = "admin-opd", "admin-kabupaten", "auditor"
FOR_CASEWORK, CASE_OF_THE_AGENCY = "for casework", "case of the agency"

SERIES = "keterangan"
VERSION = f"/admin/versi-jenis/{'0' * 32}"
MANDATE = f"/admin/perangkat/{WARD}/mandat/x"
TEXT = f"/admin/perangkat/{WARD}/pesan/issued/id"
IMPORT = f"/admin/perangkat/{VILLAGE}/warga/{'0' * 32}"
QUEUE, DESK = "/loket/antrean", "/pejabat"
NEW = "/loket/surat/baru"
HAS_PACKAGES = (locate_templates() / "offline" / "vendor" / "zxing" / "share.js").is_file()

# Method and endpoint: a path, who may come in, what the page answers to whoever may.
ROUTES: dict[tuple[str, str], tuple[str, str, int]] = {
    ("GET", "public.start"): ("/", OPEN, 200),
    ("GET", "public.alive"): ("/healthz", OPEN, 200),
    ("GET", "public.ready"): ("/readyz", OPEN, 200),
    ("GET", "public.file"): ("/crl/root.crl", OPEN, 200),
    ("GET", "public.security"): ("/.well-known/security.txt", OPEN, 404),
    ("GET", "public.status_lists"): ("/status", OPEN, 200),
    ("GET", "public.status_list"): ("/status/2026", OPEN, 404),
    ("GET", "public.key_set"): ("/.well-known/issuer-keys", OPEN, 404),
    ("GET", "public.key_set_version"): ("/.well-known/issuer-keys/1", OPEN, 404),
    ("GET", "static"): ("/static/office.css", OPEN, 200),
    ("GET", "bootstrap.static"): ("/bootstrap/static/css/bootstrap.min.css", OPEN, 200),
    ("GET", "citizen.offers"): ("/layanan", OPEN, 200),
    ("GET", "citizen.offer"): ("/layanan/domisili", OPEN, 200),
    # Open to everybody, but without the cookie of an application they only lead on.
    ("GET", "citizen.start"): ("/ajukan/domisili", OPEN, 200),
    ("POST", "citizen.begin"): ("/ajukan/domisili", OPEN, 422),
    ("GET", "citizen.question"): ("/permohonan/isi/purpose", OPEN, 303),
    ("POST", "citizen.answer"): ("/permohonan/isi/purpose", OPEN, 303),
    ("POST", "citizen.remove_row"): ("/permohonan/isi/fields.heirs.1/hapus", OPEN, 303),
    ("GET", "citizen.saved"): ("/permohonan/simpan", OPEN, 303),
    ("GET", "citizen.documents"): ("/permohonan/berkas", OPEN, 303),
    ("POST", "citizen.keep_documents"): ("/permohonan/berkas", OPEN, 303),
    ("GET", "citizen.document"): ("/permohonan/berkas/x/lihat", OPEN, 303),
    ("GET", "citizen.check"): ("/permohonan/periksa", OPEN, 303),
    ("POST", "citizen.send"): ("/permohonan/kirim", OPEN, 303),
    ("GET", "citizen.receipt"): ("/permohonan/tanda-terima", OPEN, 303),
    ("GET", "citizen.resume"): ("/ikuti", OPEN, 200),
    ("POST", "citizen.find"): ("/ikuti", OPEN, 404),
    ("GET", "citizen.follow"): ("/ikuti/0000-0000-0000", OPEN, 404),
    ("POST", "citizen.open"): ("/ikuti/0000-0000-0000", OPEN, 404),
    ("GET", "citizen.letter"): ("/permohonan/surat.pdf", OPEN, 303),
    ("GET", "citizen.survey"): ("/permohonan/survei", OPEN, 303),
    ("POST", "citizen.send_survey"): ("/permohonan/survei", OPEN, 303),
    ("GET", "citizen.own"): ("/permohonan", OPEN, 303),
    ("POST", "citizen.leave"): ("/permohonan/selesai", OPEN, 303),
    ("GET", "citizen.ask_to_reach"): ("/permohonan/kabar", OPEN, 303),
    ("POST", "citizen.reach"): ("/permohonan/kabar", OPEN, 303),
    ("POST", "citizen.keep"): ("/permohonan/akun", OPEN, 303),
    # The office of the matrix sends no mail.
    ("GET", "citizen.ask_for_code"): ("/akun-surel", OPEN, 404),
    ("POST", "citizen.send_code"): ("/akun-surel", OPEN, 404),
    ("GET", "citizen.ask_code"): ("/akun-surel/kode", OPEN, 303),
    ("POST", "citizen.finish"): ("/akun-surel/kode", OPEN, 404),
    # Nobody else's: the account of the matrix holds no request.
    ("GET", "citizen_account.home"): ("/akun-saya", FOR_CITIZENS, 200),
    ("GET", "citizen_account.case"): ("/akun-saya/permohonan/{request}", FOR_CITIZENS, 404),
    ("POST", "citizen_account.open"): ("/akun-saya/permohonan/{request}/buka", FOR_CITIZENS, 404),
    ("GET", "citizen_account.letter"): (
        "/akun-saya/permohonan/{request}/surat.pdf",
        FOR_CITIZENS,
        404,
    ),
    ("GET", "citizen_account.ask_to_remove"): ("/akun-saya/hapus", FOR_CITIZENS, 200),
    ("POST", "citizen_account.remove"): ("/akun-saya/hapus", FOR_CITIZENS, 422),
    ("GET", "citizen.ask_to_cancel"): ("/permohonan/batal", OPEN, 303),
    ("POST", "citizen.cancel"): ("/permohonan/batal", OPEN, 303),
    ("GET", "verify.landing"): ("/v/123", OPEN, 200),
    ("GET", "verify.more"): ("/v/123/lengkap", OPEN, 200),
    ("POST", "verify.disclose"): ("/v/123/lengkap", OPEN, 422),
    ("GET", "verify.report"): ("/lapor", OPEN, 200),
    ("POST", "verify.send_report"): ("/lapor", OPEN, 422),
    ("GET", "verify.ask_many"): ("/periksa/banyak", OPEN, 200),
    ("POST", "verify.answer_many"): ("/periksa/banyak", OPEN, 422),
    ("GET", "verify.rosette"): (f"/roset/{'0' * 64}.svg", OPEN, 200),
    ("GET", "verify.ask"): ("/periksa", OPEN, 200),
    ("POST", "verify.answer"): ("/periksa", OPEN, 422),
    ("GET", "offline.page"): ("/periksa/luring", OPEN, 200),
    ("GET", "offline.worker"): ("/periksa/luring/sw.js", OPEN, 200 if HAS_PACKAGES else 404),
    ("GET", "offline.manifest"): ("/periksa/luring/manifest.webmanifest", OPEN, 200),
    ("GET", "offline.names"): ("/periksa/luring/nama.json", OPEN, 200),
    ("GET", "offline.file"): ("/periksa/luring/berkas/0/page.js", OPEN, 404),
    ("GET", "api.about"): ("/api", OPEN, 200),
    ("GET", "api.description"): ("/api/openapi.json", OPEN, 200),
    ("POST", "api.verify"): ("/api/v1/verify", OPEN, 415),
    ("POST", "api.verify_batch"): ("/api/v1/verify/batch", OPEN, 401),
    ("POST", "api.status"): ("/api/v1/status", OPEN, 415),
    ("GET", "api.keys"): ("/api/v1/keys", OPEN, 200),
    ("GET", "session.door"): ("/masuk", OPEN, 200),
    ("POST", "session.sign_in"): ("/masuk", OPEN, 401),
    ("GET", "session.citizen_door"): ("/masuk/warga", OPEN, 200),
    ("POST", "session.citizen_sign_in"): ("/masuk/warga", OPEN, 401),
    ("GET", "session.citizen_activation"): ("/aktifkan/warga", OPEN, 200),
    ("POST", "session.activate_citizen"): ("/aktifkan/warga", OPEN, 422),
    # The office of the matrix has chosen no provider.
    ("GET", "session.go_to_provider"): ("/masuk/sso", OPEN, 404),
    ("GET", "session.come_from_provider"): ("/masuk/sso/kembali", OPEN, 404),
    ("POST", "session.prove"): ("/masuk/kode", SIGNED_IN, 303),
    ("POST", "session.confirm"): ("/masuk/pasang", SIGNED_IN, 303),
    # Whoever is in already is only led on.
    ("POST", "session.ask_passkey"): ("/masuk/passkey", AT_THE_DOOR, 200),
    ("POST", "session.show_passkey"): ("/masuk/passkey/tunjuk", AT_THE_DOOR, 422),
    ("POST", "session.ask_new_passkey"): ("/masuk/pasang/passkey", SIGNED_IN, 303),
    ("POST", "session.keep_passkey"): ("/masuk/pasang/passkey/simpan", SIGNED_IN, 303),
    ("POST", "session.sign_out"): ("/keluar", OPEN, 303),
    ("GET", "account.home"): ("/akun", SIGNED_IN, 200),
    ("GET", "account.password"): ("/akun/sandi", SIGNED_IN, 200),
    ("POST", "account.change_password"): ("/akun/sandi", SIGNED_IN, 422),
    ("GET", "account.factor"): ("/akun/pengaman", SIGNED_IN, 200),
    ("POST", "account.begin_factor"): ("/akun/pengaman", SIGNED_IN, 422),
    ("GET", "account.set_up"): ("/akun/pengaman/pasang", SIGNED_IN, 303),
    ("POST", "account.confirm_factor"): ("/akun/pengaman/pasang", SIGNED_IN, 303),
    ("POST", "account.renew_codes"): ("/akun/pengaman/kode", SIGNED_IN, 422),
    ("GET", "account.passkeys"): ("/akun/passkey", SIGNED_IN, 200),
    ("POST", "account.ask_new_passkey"): ("/akun/passkey", SIGNED_IN, 422),
    ("POST", "account.keep_passkey"): ("/akun/passkey/simpan", SIGNED_IN, 422),
    ("GET", "account.ask_to_remove_passkey"): ("/akun/passkey/x/hapus", SIGNED_IN, 404),
    ("POST", "account.remove_passkey"): ("/akun/passkey/x/hapus", SIGNED_IN, 404),
    ("POST", "account.end_session"): ("/akun/sesi/x/akhiri", SIGNED_IN, 303),
    ("POST", "account.end_others"): ("/akun/sesi-lain/akhiri", SIGNED_IN, 303),
    ("POST", "account.end_all"): ("/akun/sesi-semua/akhiri", SIGNED_IN, 303),
    ("GET", "casework.queue"): (QUEUE, FOR_CASEWORK, 200),
    ("GET", "casework.case"): (f"{QUEUE}/{{request}}", CASE_OF_THE_AGENCY, 200),
    ("GET", "casework.document"): (f"{QUEUE}/{{request}}/berkas/x", CASE_OF_THE_AGENCY, 404),
    ("GET", "casework.draft"): (f"{QUEUE}/{{request}}/konsep", CASE_OF_THE_AGENCY, 200),
    ("POST", "casework.review"): (f"{QUEUE}/{{request}}/paraf", CASE_OF_THE_AGENCY, 409),
    ("POST", "casework.forward"): (f"{QUEUE}/{{request}}/teruskan", CASE_OF_THE_AGENCY, 409),
    ("POST", "casework.give_back"): (f"{QUEUE}/{{request}}/kembalikan", CASE_OF_THE_AGENCY, 422),
    ("POST", "casework.reject"): (f"{QUEUE}/{{request}}/tolak", CASE_OF_THE_AGENCY, 422),
    ("POST", "casework.cancel"): (f"{QUEUE}/{{request}}/batalkan", CASE_OF_THE_AGENCY, 409),
    ("POST", "casework.submit"): (f"{QUEUE}/{{request}}/ajukan", CASE_OF_THE_AGENCY, 409),
    ("GET", "officer.inbox"): (DESK, FOR_OFFICERS, 200),
    ("POST", "officer.confirm"): (f"{DESK}/pilihan", FOR_OFFICERS, 422),
    ("POST", "officer.sign"): (f"{DESK}/tanda-tangan", FOR_OFFICERS, 422),
    ("POST", "officer.ask_passkey"): (f"{DESK}/passkey", FOR_OFFICERS, 422),
    ("POST", "officer.sign_by_passkey"): (f"{DESK}/passkey/tanda-tangan", FOR_OFFICERS, 422),
    ("GET", "officer.batch"): (f"{DESK}/tanda-tangan/{'0' * 32}", FOR_OFFICERS, 404),
    ("POST", "officer.go_on"): (f"{DESK}/tanda-tangan/{'0' * 32}/lanjut", FOR_OFFICERS, 404),
    ("POST", "officer.ask_passkey_to_go_on"): (
        f"{DESK}/tanda-tangan/{'0' * 32}/passkey",
        FOR_OFFICERS,
        404,
    ),
    ("POST", "officer.go_on_by_passkey"): (
        f"{DESK}/tanda-tangan/{'0' * 32}/passkey/lanjut",
        FOR_OFFICERS,
        404,
    ),
    ("GET", "officer.letter"): (f"{DESK}/surat/{{request}}", LETTER_OF_THE_OFFICER, 200),
    ("GET", "officer.draft"): (f"{DESK}/surat/{{request}}/konsep", LETTER_OF_THE_OFFICER, 200),
    ("GET", "officer.document"): (f"{DESK}/surat/{{request}}/berkas/x", LETTER_OF_THE_OFFICER, 404),
    ("POST", "officer.give_back"): (
        f"{DESK}/surat/{{request}}/kembalikan",
        LETTER_OF_THE_OFFICER,
        422,
    ),
    ("POST", "officer.reject"): (f"{DESK}/surat/{{request}}/tolak", LETTER_OF_THE_OFFICER, 422),
    ("GET", "officer.issued"): (f"{DESK}/terbit/{{letter}}", LETTER_OF_THE_OFFICER, 200),
    ("GET", "officer.mandates"): (f"{DESK}/mandat", FOR_OFFICERS, 200),
    ("GET", "officer.pin"): (f"{DESK}/pin", FOR_OFFICERS, 200),
    ("POST", "officer.change_pin"): (f"{DESK}/pin", FOR_OFFICERS, 422),
    ("GET", "session.activation"): ("/aktifkan", OPEN, 200),
    ("POST", "session.activate"): ("/aktifkan", OPEN, 422),
    ("GET", "admin.home"): ("/admin", FOR_ADMINISTRATION, 200),
    ("GET", "admin.accounts"): ("/admin/akun", FOR_ADMINS, 200),
    ("GET", "admin.new_account"): ("/admin/akun/baru", FOR_ADMINS, 200),
    ("POST", "admin.invite"): ("/admin/akun/baru", FOR_ADMINS, 422),
    ("GET", "admin.account"): ("/admin/akun/{account}", FOR_ADMINS, 200),
    ("POST", "admin.set_role"): ("/admin/akun/{account}/peran", FOR_ADMINS, 422),
    ("POST", "admin.close"): ("/admin/akun/{account}/tutup", FOR_ADMINS, 303),
    ("POST", "admin.reopen"): ("/admin/akun/{account}/buka", FOR_ADMINS, 303),
    ("POST", "admin.invite_again"): ("/admin/akun/{account}/kode", FOR_ADMINS, 200),
    ("GET", "admin.agencies"): ("/admin/perangkat", FOR_ADMINS, 200),
    ("GET", "admin.agency"): (f"/admin/perangkat/{WARD}", FOR_ADMINS, 200),
    ("POST", "admin.set_letterhead"): (f"/admin/perangkat/{WARD}/kop", FOR_ADMINS, 422),
    ("POST", "admin.set_numbering"): (f"/admin/perangkat/{WARD}/nomor", FOR_THE_REGENCY, 422),
    # Of another agency, where the ward's own admin may do nothing.
    ("POST", "admin.switch_types"): (f"/admin/perangkat/{VILLAGE}/jenis", FOR_THE_REGENCY, 303),
    ("GET", "admin.mandates"): (f"/admin/perangkat/{WARD}/mandat", FOR_THE_AGENCY, 200),
    ("POST", "admin.add_mandate"): (f"/admin/perangkat/{WARD}/mandat", FOR_THE_AGENCY, 422),
    ("GET", "admin.ask_to_end_mandate"): (f"{MANDATE}/akhiri", FOR_THE_AGENCY, 404),
    ("POST", "admin.end_mandate"): (f"{MANDATE}/akhiri", FOR_THE_AGENCY, 404),
    ("GET", "admin.message_texts"): (f"/admin/perangkat/{WARD}/pesan", FOR_ADMINS, 200),
    ("GET", "admin.message_text"): (TEXT, FOR_ADMINS, 200),
    ("POST", "admin.set_message_text"): (TEXT, FOR_ADMINS, 422),
    ("GET", "admin.ask_to_reset_message_text"): (f"{TEXT}/semula", FOR_ADMINS, 200),
    ("GET", "admin.residents"): (f"/admin/perangkat/{WARD}/warga", FOR_ADMINS, 200),
    ("POST", "admin.begin_import"): (f"/admin/perangkat/{WARD}/warga", FOR_ADMINS, 422),
    ("GET", "admin.sample_table"): (
        f"/admin/perangkat/{WARD}/warga/contoh.xlsx",
        FOR_ADMINS,
        200,
    ),
    # Of another agency, where the ward's own admin may do nothing.
    ("GET", "admin.resident_import"): (IMPORT, FOR_THE_REGENCY, 404),
    ("POST", "admin.confirm_import"): (IMPORT, FOR_THE_REGENCY, 404),
    ("POST", "admin.drop_import"): (f"{IMPORT}/buang", FOR_THE_REGENCY, 404),
    # Of another agency, where the ward's own admin may do nothing.
    ("POST", "admin.reset_message_text"): (
        f"/admin/perangkat/{VILLAGE}/pesan/issued/id/semula",
        FOR_THE_REGENCY,
        303,
    ),
    ("GET", "admin.letter_types"): ("/admin/jenis", FOR_THE_REGENCY, 200),
    ("GET", "admin.letter_type"): ("/admin/jenis/domisili", FOR_THE_REGENCY, 200),
    ("GET", "admin.ask_to_copy_type"): ("/admin/jenis/domisili/salin", FOR_THE_REGENCY, 200),
    ("POST", "admin.copy_type"): ("/admin/jenis/domisili/salin", FOR_THE_REGENCY, 422),
    ("GET", "admin.type_documents"): (f"{VERSION}/berkas", FOR_THE_REGENCY, 404),
    ("POST", "admin.save_documents"): (f"{VERSION}/berkas", FOR_THE_REGENCY, 404),
    ("GET", "admin.type_standard"): (f"{VERSION}/standar", FOR_THE_REGENCY, 404),
    ("POST", "admin.save_standard"): (f"{VERSION}/standar", FOR_THE_REGENCY, 404),
    ("GET", "admin.type_questions"): (f"{VERSION}/pertanyaan", FOR_THE_REGENCY, 404),
    ("POST", "admin.move_question"): (f"{VERSION}/pertanyaan", FOR_THE_REGENCY, 404),
    ("GET", "admin.new_question"): (f"{VERSION}/pertanyaan/baru", FOR_THE_REGENCY, 404),
    ("POST", "admin.add_question"): (f"{VERSION}/pertanyaan/baru", FOR_THE_REGENCY, 404),
    ("GET", "admin.type_question"): (f"{VERSION}/pertanyaan/isi/x", FOR_THE_REGENCY, 404),
    ("POST", "admin.change_question"): (f"{VERSION}/pertanyaan/isi/x", FOR_THE_REGENCY, 404),
    ("POST", "admin.remove_question"): (
        f"{VERSION}/pertanyaan/isi/x/hapus",
        FOR_THE_REGENCY,
        404,
    ),
    ("POST", "admin.begin_version"): ("/admin/jenis/tidak-ada/konsep", FOR_THE_REGENCY, 404),
    ("GET", "admin.version"): (f"{VERSION}", FOR_THE_REGENCY, 404),
    ("POST", "admin.save_version"): (f"{VERSION}", FOR_THE_REGENCY, 404),
    ("GET", "admin.version_page"): (f"{VERSION}/konsep", FOR_THE_REGENCY, 404),
    ("POST", "admin.propose_version"): (f"{VERSION}/usulkan", FOR_THE_REGENCY, 404),
    ("POST", "admin.release_version"): (f"{VERSION}/rilis", FOR_THE_REGENCY, 404),
    ("POST", "admin.reject_version"): (f"{VERSION}/tolak", FOR_THE_REGENCY, 404),
    ("POST", "admin.withdraw_version"): (f"{VERSION}/tarik", FOR_THE_REGENCY, 404),
    ("GET", "admin.ask_to_erase"): ("/admin/hapus-data", FOR_THE_REGENCY, 200),
    ("POST", "admin.plan_erasure"): ("/admin/hapus-data", FOR_THE_REGENCY, 422),
    ("POST", "admin.erase"): ("/admin/hapus-data/hapus", FOR_THE_REGENCY, 303),
    ("GET", "admin.trail"): ("/admin/jejak", FOR_OVERSIGHT, 200),
    ("GET", "counter.home"): ("/loket", FOR_CLERKS, 200),
    ("GET", "counter.citizen_code"): ("/loket/akun-warga", FOR_CLERKS, 200),
    ("POST", "counter.give_citizen_code"): ("/loket/akun-warga", FOR_CLERKS, 422),
    ("GET", "counter.choose"): (NEW, FOR_CLERKS, 200),
    ("GET", "counter.blank"): (f"{NEW}/domisili", FOR_CLERKS, 200),
    ("POST", "counter.change"): (f"{NEW}/domisili", FOR_CLERKS, 200),
    ("POST", "counter.find"): (f"{NEW}/domisili/warga", FOR_CLERKS, 422),
    ("POST", "counter.fill"): (f"{NEW}/domisili/warga/isi", FOR_CLERKS, 200),
    ("POST", "counter.check"): (f"{NEW}/domisili/periksa", FOR_CLERKS, 422),
    ("POST", "counter.draft"): (f"{NEW}/domisili/konsep", FOR_CLERKS, 422),
    ("POST", "counter.issue"): (f"{NEW}/domisili/terbitkan", FOR_CLERKS, 422),
    ("GET", "counter.correct"): ("/loket/perbaiki/{request}", OF_THE_AGENCY, 303),
    ("GET", "counter.documents"): ("/loket/berkas/{request}", OF_THE_AGENCY, 200),
    ("POST", "counter.keep_documents"): ("/loket/berkas/{request}", OF_THE_AGENCY, 303),
    ("GET", "counter.letter"): ("/loket/surat/{letter}", OF_THE_AGENCY, 200),
    ("GET", "counter.pdf"): ("/loket/surat/{letter}/pdf", OF_THE_AGENCY, 200),
    ("GET", "counter.unclaimed"): ("/loket/belum-diserahkan", FOR_CLERKS, 200),
    ("GET", "counter.receipt"): ("/loket/surat/{letter}/serah", OF_THE_AGENCY, 200),
    ("POST", "counter.hand_over"): ("/loket/surat/{letter}/serah", OF_THE_AGENCY, 422),
    ("POST", "counter.take_sheet"): ("/loket/surat/{letter}/lembar", OF_THE_AGENCY, 422),
    ("POST", "counter.confirm_sheet"): ("/loket/surat/{letter}/lembar/baik", OF_THE_AGENCY, 422),
    ("GET", "counter.paper_numbers"): ("/loket/nomor-kertas", FOR_CLERKS, 200),
    ("POST", "counter.reserve_numbers"): ("/loket/nomor-kertas", FOR_CLERKS, 422),
    ("POST", "counter.void_numbers"): ("/loket/nomor-kertas/gugur", FOR_CLERKS, 422),
    ("GET", "counter.paper_list"): ("/loket/nomor-kertas/{paper}", OF_THE_AGENCY, 200),
    ("POST", "counter.spoil_sheet"): ("/loket/surat/{letter}/lembar/rusak", OF_THE_AGENCY, 422),
}


WELCOME = {
    FOR_CITIZENS: (CITIZEN,),
    FOR_CLERKS: (CLERK, OTHER_CLERK),
    OF_THE_AGENCY: (CLERK,),
    FOR_CASEWORK: (CLERK, OTHER_CLERK, REVIEWER),
    CASE_OF_THE_AGENCY: (CLERK, REVIEWER),
    FOR_OFFICERS: (OFFICER,),
    LETTER_OF_THE_OFFICER: (OFFICER,),
    FOR_ADMINISTRATION: (AGENCY_ADMIN, REGENCY_ADMIN, AUDITOR),
    FOR_ADMINS: (AGENCY_ADMIN, REGENCY_ADMIN),
    FOR_THE_REGENCY: (REGENCY_ADMIN,),
    FOR_THE_AGENCY: (AGENCY_ADMIN,),
    FOR_OVERSIGHT: (REGENCY_ADMIN, AUDITOR),
}


def expected(entrance: str, answer: int, who: str) -> int:
    """Return the status this person must get."""
    if entrance == OPEN:
        return answer
    if entrance == AT_THE_DOOR:
        return answer if who == NOBODY else 303
    if who == NOBODY:
        return 401
    if entrance == SIGNED_IN:
        return answer
    return answer if who in WELCOME[entrance] else 403


def test_every_route_stands_in_the_table(web: WebOffice) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in web.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(ROUTES)


@pytest.mark.parametrize("who", [NOBODY, CLERK, OTHER_CLERK, *OTHER_ROLES])
def test_every_route_answers_everyone_as_the_table_says(web: WebOffice, who: str) -> None:
    answers, wanted = {}, {}
    day = web.composition.services.office.today(web.clock.now())
    on_paper = web.composition.services.paper_numbers.reserve(OPERATOR, WARD, SERIES, 1, day)
    for (method, endpoint), (pattern, entrance, answer) in ROUTES.items():
        path = pattern.format(
            letter=web.letter.id,
            request=web.letter.request_id,
            account=web.account_id(SPARE_CLERK),
            paper=on_paper[0].block_id,
        )
        assert web.app.url_map.bind("").match(path, method)[0] == endpoint
        client = web.client(who)
        with client.get(path) if method == "GET" else post(client, path) as response:
            answers[method, endpoint] = response.status_code
        wanted[method, endpoint] = expected(entrance, answer, who)
        if endpoint in ("session.sign_out", "account.end_all"):
            web.tokens.pop(who, None)
    assert answers == wanted


def test_an_officer_of_another_agency_opens_the_room_and_no_letter(web: WebOffice) -> None:
    for (method, _endpoint), (pattern, entrance, answer) in ROUTES.items():
        if entrance not in (FOR_OFFICERS, LETTER_OF_THE_OFFICER):
            continue
        path = pattern.format(letter=web.letter.id, request=web.letter.request_id)
        client = web.client(OTHER_OFFICER)
        with client.get(path) if method == "GET" else post(client, path) as response:
            wanted = answer if entrance == FOR_OFFICERS else 403
            assert response.status_code == wanted, path
            assert web.letter.number not in response.get_data(as_text=True)


def test_every_room_has_a_guard(web: WebOffice) -> None:
    guarded = {name for name in web.app.before_request_funcs if name}
    assert guarded == set(web.app.blueprints)


def test_a_refused_page_shows_nothing_of_the_letter(web: WebOffice) -> None:
    for who in (NOBODY, OTHER_CLERK):
        for path in (f"/loket/surat/{web.letter.id}", f"/loket/surat/{web.letter.id}/pdf"):
            page = web.client(who).get(path).get_data()
            assert web.letter.number.encode() not in page
            assert web.letter.record.holder["name"].encode() not in page
            assert not page.startswith(b"%PDF")


def test_the_list_of_another_agency_does_not_hold_the_letter(web: WebOffice) -> None:
    assert web.letter.number in web.client(CLERK).get("/loket").text
    assert web.letter.number not in web.client(OTHER_CLERK).get("/loket").text


def test_a_public_site_has_no_room_for_staff_and_no_way_to_them(web: WebOffice) -> None:
    app = make_app(web.composition, audiences=("public", "verify"))
    assert set(app.blueprints) == {"public", "verify", "bootstrap"}
    client = app.test_client()
    assert client.get("/loket").status_code == client.get("/masuk").status_code == 404
    assert "/masuk" not in client.get("/").text
    assert client.get("/periksa").status_code == 200
