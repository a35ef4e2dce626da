// Prints what npm vnpay (for VietQR vietnam-qr-pay) makes of every shared vector, as JSON by the vector's id.
// VectorTableTests runs it by ./dev test --long, which fetches the packages.
import { readFileSync } from 'node:fs';
import { VNPay, HashAlgorithm } from 'vnpay';
import { QRPay } from 'vietnam-qr-pay';

const { vectors } = JSON.parse(readFileSync(new URL('../vnpay-vectors.json', import.meta.url)));
const client = v => new VNPay({ tmnCode: v.tmnCode, secureSecret: v.secret, vnpayHost: 'https://sandbox.vnpayment.vn', testMode: true, hashAlgorithm: HashAlgorithm.SHA512, enableLog: false });
const agrees = (same, else_) => same ? 'agrees' : else_;

// The package has no call that only signs a request or checks an answer: fetch is replaced, so that nothing is sent anywhere.
async function exchange(v, call, answer) {
  let sent;
  const before = globalThis.fetch;
  globalThis.fetch = async (_, init) => { sent = JSON.parse(init.body); return { ok: true, status: 200, json: async () => structuredClone(answer) }; };
  try { return { result: await call(client(v)), sent }; } finally { globalThis.fetch = before; }
}

const kinds = {
  pay_url(v) {
    const { vnp_Amount, vnp_TmnCode, ...rest } = v.input;
    const url = new URL(client(v).buildPaymentUrl({ ...rest, vnp_Amount: Number(vnp_Amount) / 100, vnp_CreateDate: Number(rest.vnp_CreateDate), vnp_ExpireDate: Number(rest.vnp_ExpireDate) }));
    const expected = new URL(v.expected.url);
    return agrees(url.searchParams.get('vnp_SecureHash') === v.expected.secureHash && url.search === expected.search, 'another address');
  },
  callback(v) {
    const verified = client(v).verifyIpnCall(Object.fromEntries(new URLSearchParams(v.input.rawQuery)));
    return agrees(verified.isVerified === v.expected.signatureValid, `isVerified ${verified.isVerified}`);
  },
  async querydr_request(v) {
    const { vnp_Version, vnp_Command, vnp_TmnCode, ...rest } = v.input;
    const { sent } = await exchange(v, c => c.queryDr({ ...rest, vnp_TransactionDate: Number(rest.vnp_TransactionDate), vnp_CreateDate: Number(rest.vnp_CreateDate), vnp_TransactionNo: Number(rest.vnp_TransactionNo ?? 0) }), {});
    return agrees(sent?.vnp_SecureHash === v.expected.secureHash, 'another hash');
  },
  async refund_request(v) {
    const { vnp_Version, vnp_Command, vnp_TmnCode, ...rest } = v.input;
    const { sent } = await exchange(v, c => c.refund({ ...rest, vnp_Amount: Number(rest.vnp_Amount) / 100, vnp_TransactionDate: Number(rest.vnp_TransactionDate), vnp_CreateDate: Number(rest.vnp_CreateDate), vnp_TransactionNo: Number(rest.vnp_TransactionNo ?? 0) }), {});
    return agrees(sent?.vnp_SecureHash === v.expected.secureHash, 'another hash');
  },
  async querydr_response(v) {
    const { result } = await exchange(v, c => c.queryDr({ vnp_RequestId: '1', vnp_IpAddr: '127.0.0.1', vnp_TxnRef: v.input.body.vnp_TxnRef, vnp_TransactionNo: 0, vnp_OrderInfo: 'x', vnp_TransactionDate: 20261124090000, vnp_CreateDate: 20261124090000 }), v.input.body);
    return agrees(result.isVerified === v.expected.signatureValid, `isVerified ${result.isVerified}`);
  },
  async refund_response(v) {
    const { result } = await exchange(v, c => c.refund({ vnp_RequestId: '1', vnp_IpAddr: '127.0.0.1', vnp_TxnRef: v.input.body.vnp_TxnRef, vnp_TransactionNo: 0, vnp_OrderInfo: 'x', vnp_TransactionDate: 20261124090000, vnp_CreateDate: 20261124090000, vnp_Amount: 125000, vnp_CreateBy: 'a', vnp_TransactionType: '02' }), v.input.body);
    return agrees(result.isVerified === v.expected.signatureValid, `isVerified ${result.isVerified}`);
  },
  vietqr(v) {
    const text = QRPay.initVietQR({ bankBin: v.input.bankBin, bankNumber: v.input.bankNumber, amount: v.input.amount, purpose: v.input.purpose }).build();
    // Its reader too: checksum, bank, account, amount and purpose of the payload that Vnpay.Net makes (VietQrTests); with another checksum it reads nothing.
    const read = new QRPay(v.expected.payload);
    const same = read.isValid && !new QRPay(v.expected.payload.slice(0, -1) + (v.expected.payload.endsWith('0') ? '1' : '0')).isValid
      && [read.consumer.bankBin, read.consumer.bankNumber, read.amount, read.additionalData.purpose].every((r, i) => (r ?? '') === (v.input[['bankBin', 'bankNumber', 'amount', 'purpose'][i]] ?? ''));
    return agrees(text === v.expected.payload && same, text === v.expected.payload ? 'reads something else' : 'another payload') + ' (vietnam-qr-pay)';
  },
};

const said = {};
for (const v of vectors) {
  try { said[v.id] = await kinds[v.kind](v); } catch (e) { said[v.id] = `throws ${e.name}: ${e.message}`.replace(/\|/g, '/').slice(0, 90); }
}
console.log(JSON.stringify(said));
