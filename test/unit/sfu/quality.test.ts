import { describe, expect, it } from 'vitest';
import { QualityMeter, qualityOf } from '../../../server/sfu/quality.ts';

describe('qualityOf', () => {
  it('goes by the worst stream, and is good when there is none', () => {
    expect(qualityOf([])).toBe('good');
    expect(qualityOf([10, 9, 8])).toBe('good');
    expect(qualityOf([10, 6, 10])).toBe('fair');
    expect(qualityOf([2, 6])).toBe('poor');
  });
});

describe('QualityMeter', () => {
  it('tells a worse connection once it has lasted', () => {
    const meter = new QualityMeter();
    expect(meter.update('poor', 0)).toBeNull();
    expect(meter.update('fair', 1_000)).toBeNull();
    expect(meter.update('poor', 2_000)).toBe('poor');
    expect(meter.update('poor', 4_000)).toBeNull();
  });

  it('says nothing of a short dip', () => {
    const meter = new QualityMeter();
    expect([meter.update('poor', 0), meter.update('good', 1_000), meter.update('poor', 2_000)]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('takes longer to tell a better one', () => {
    const meter = new QualityMeter();
    meter.update('poor', 0);
    meter.update('poor', 2_000);
    expect(meter.update('good', 4_000)).toBeNull();
    expect(meter.update('good', 8_000)).toBeNull();
    expect(meter.update('good', 10_000)).toBe('good');
  });
});
